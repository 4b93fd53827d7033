//! What is sound table by table and doubtful in sum.

use demur_core::purpose::{Purpose, ThirdPartyRule};
use demur_corpus::CorpusSource;

use super::Config;
use super::problem::{Problem, enumerate};

/// Warnings about tables that do not go together.
pub(super) fn about(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, purpose) in config.purposes.iter().enumerate() {
        problems.extend(missing_facts(config, index, purpose));
        problems.extend(missing_words(config, index, purpose));
        for (corpus_index, corpus) in config.corpora.iter().enumerate() {
            problems.extend(impossible_redaction(config, purpose, corpus_index, corpus));
            problems.extend(overlooked(config, purpose, corpus_index, corpus));
        }
    }
    problems.extend(unreachable_people(config));
    problems
}

/// A notice without them would lack what Art. 13 asks for, so none goes out.
fn missing_words(config: &Config, index: usize, purpose: &Purpose) -> Option<Problem> {
    let missing = config.text_of(&purpose.id)?.missing();
    if config.mail.is_none() || !purpose.notice.required || missing.is_empty() {
        return None;
    }
    let line = config.lines.of(&format!("purpose.{index}"));
    let what = format!(
        "no notice of purpose `{}` can be sent: it has no {}",
        purpose.id,
        enumerate(missing.iter().map(|key| match *key {
            "retention" => "`retention`",
            _ => "`interest_text`",
        }))
    );
    let fix = "write in a sentence each which interest you pursue (`interest_text`, Art. 13(1)(d) \
               GDPR) and how long the data is stored (`retention`, Art. 13(2)(a))";
    Some(Problem::error(&config.path, line, what, fix).into_warning())
}

/// A way to send mails, and nobody to send them to or nothing for their links to lead to.
fn unreachable_people(config: &Config) -> Vec<Problem> {
    if config.mail.is_none() {
        return Vec::new();
    }
    let warn =
        |what, fix| Problem::error(&config.path, config.lines.of("mail"), what, fix).into_warning();
    let no_email = config.accounts.email.is_none().then(|| {
        warn(
            "there is a way to send mails, and [accounts] names no column with addresses",
            "write `email = \"email\"` under [accounts]: without it, nobody can be told",
        )
    });
    let no_site = config.site.is_none().then(|| {
        warn(
            "there is a way to send mails, and no [site] for their links to lead to",
            "write [site], and under it `url` and `contact`",
        )
    });
    no_email.into_iter().chain(no_site).collect()
}

fn missing_facts(config: &Config, index: usize, purpose: &Purpose) -> Option<Problem> {
    let missing = purpose.missing_facts(&config.accounts.fact_columns());
    let lifts: Vec<_> = missing
        .iter()
        .map(|fact| match *fact {
            "birth_date" => ("minimum_age", "minimum_age = 0"),
            "region" => ("regions", "regions = \"any\""),
            _ => ("account_status", "account_status = \"any\""),
        })
        .collect();
    let line = config.lines.of(&format!("purpose.{index}.{}", lifts.first()?.0));
    let what = format!(
        "purpose `{}` excludes every account: it needs {}, and [accounts] names no column for it",
        purpose.id,
        enumerate(missing.iter().copied())
    );
    let fix = format!(
        "name the column under [accounts], or give the rule up: {}",
        enumerate(lifts.iter().map(|(_, lift)| *lift))
    );
    Some(Problem::error(&config.path, line, what, fix).into_warning())
}

/// A rule about people whom the corpus does not list finds nobody.
fn overlooked(
    config: &Config,
    purpose: &Purpose,
    index: usize,
    corpus: &CorpusSource,
) -> Vec<Problem> {
    let (rules, columns) = (&purpose.third_party, &corpus.columns);
    let line = config.lines.of(&format!("corpus.{index}.id"));
    [
        ("mentioned", rules.mentioned, columns.mentioned.is_some()),
        ("depicted", rules.depicted, columns.depicted.is_some()),
    ]
    .into_iter()
    .filter(|(_, rule, listed)| *rule != ThirdPartyRule::Keep && !listed)
    .map(|(key, ..)| {
        let what = format!(
            "purpose `{}` has a rule for people {key}, and corpus `{}` names no column for them: \
             nobody who objected is found that way",
            purpose.id, corpus.id
        );
        let fix = format!("name the column as `{key}`, or let the purpose say {key} = \"keep\"");
        Problem::error(&config.path, line, what, fix).into_warning()
    })
    .collect()
}

fn impossible_redaction(
    config: &Config,
    purpose: &Purpose,
    index: usize,
    corpus: &CorpusSource,
) -> Vec<Problem> {
    let rules = &purpose.third_party;
    let columns = &corpus.columns;
    [
        ("mentioned", rules.mentioned, &columns.mentioned),
        ("depicted", rules.depicted, &columns.depicted),
    ]
    .into_iter()
    .filter(|(_, rule, _)| *rule == ThirdPartyRule::Redact)
    .filter_map(|(key, _, people)| {
        let lacks = match (people.as_ref()?.span.is_some(), columns.text.is_some()) {
            (true, true) => return None,
            (false, true) => "gives no spans",
            (true, false) => "names no `text`",
            (false, false) => "gives neither spans nor `text`",
        };
        let line = config.lines.of(&format!("corpus.{index}.{key}"));
        let what = format!(
            "purpose `{}` redacts people {key}, but corpus `{}` {lacks}: records in which \
                 one of them objected are dropped",
            purpose.id, corpus.id
        );
        let fix = format!(
            "name `text` and write `{key} = {{ column, account, start, end }}`, or let the \
                 purpose say {key} = \"drop\""
        );
        Some(Problem::error(&config.path, line, what, fix).into_warning())
    })
    .collect()
}
