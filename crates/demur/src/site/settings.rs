//! From `demur.toml` to what the site is told.

use std::path::{Path, PathBuf};

use demur_notice::Language;
use demur_web::settings::{
    MailSettings, Oidc, PurposeSettings, PurposeText, Recipient, Settings, StaffOidc, Times,
    Webhook,
};

use crate::config::{Config, ProviderConfig, RecipientConfig, SiteConfig, StaffConfig, Told};
use crate::context::Context;
use crate::failure::Failure;

/// The settings of a site. Secrets are read from their files.
pub(crate) fn settings(context: &Context, site: &SiteConfig) -> Result<Settings, Failure> {
    let config = &context.config;
    let purposes = config.purposes.iter().map(|purpose| {
        let told = |language| text(&config.told(purpose, language));
        PurposeSettings {
            purpose: purpose.clone(),
            text: told(config.language()),
            texts: Language::all().map(|language| (language, told(language))).collect(),
        }
    });
    let recipients = config.recipients.iter().map(|recipient| self::recipient(config, recipient));
    Ok(Settings {
        url: site.url.clone(),
        contact: site.contact.clone(),
        proxies: site.proxies.into(),
        purposes: purposes.collect(),
        recipients: recipients.collect::<Result<_, _>>()?,
        mail: config.mail.as_ref().map(|mail| MailSettings {
            from_name: mail.from_name.clone(),
            from_address: mail.from_address.clone(),
        }),
        record_url: site.record_url.clone(),
        reminders: config.mail.as_ref().map(|mail| mail.reminders.clone()).unwrap_or_default(),
        small_counts: demur_web::settings::SMALL_COUNTS,
        times: Times::default(),
        oidc_people: config.sign_in.as_ref().map(|p| provider(config, p)).transpose()?,
        oidc_staff: config.staff_sign_in.as_ref().map(|s| staff(config, s)).transpose()?,
    })
}

fn provider(config: &Config, provider: &ProviderConfig) -> Result<Oidc, Failure> {
    let text = |file: &PathBuf| {
        let path = config.folder.join(file);
        String::from_utf8(secret(&path)?)
            .map_err(|_| Failure::input(format!("{}: is not UTF-8", path.display())))
    };
    Ok(Oidc {
        issuer: provider.issuer.clone(),
        client_id: provider.client_id.clone(),
        client_secret: provider.secret_file.as_ref().map(text).transpose()?,
        scopes: provider.scopes.clone(),
        account_claim: provider.claim.clone(),
    })
}

fn staff(config: &Config, staff: &StaffConfig) -> Result<StaffOidc, Failure> {
    Ok(StaffOidc {
        provider: provider(config, &staff.provider)?,
        groups_claim: staff.groups_claim.clone(),
        reviewer_group: staff.reviewers.clone(),
        auditor_group: staff.auditors.clone(),
    })
}

fn text(told: &Told<'_>) -> PurposeText {
    PurposeText {
        title: told.title.to_owned(),
        interest: told.interest.map(str::to_owned),
        retention: told.retention.map(str::to_owned),
        transfers: told.transfers.map(str::to_owned),
    }
}

fn recipient(config: &Config, recipient: &RecipientConfig) -> Result<Recipient, Failure> {
    let webhook = match &recipient.webhook {
        None => None,
        Some(webhook) => {
            let path = config.folder.join(&webhook.secret_file);
            Some(Webhook { url: webhook.url.clone(), secret: secret(&path)? })
        }
    };
    Ok(Recipient {
        id: recipient.id.clone(),
        name: recipient.name.clone(),
        purposes: recipient.purposes.clone().unwrap_or_default(),
        webhook,
    })
}

/// A secret from a file of its own, without the line end that editors leave.
fn secret(path: &Path) -> Result<Vec<u8>, Failure> {
    const SHORTEST: usize = 16;
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::input(format!("{}: cannot be read: {e}", path.display())))?;
    let secret = text.trim_end_matches(['\r', '\n']).as_bytes().to_vec();
    if secret.len() < SHORTEST {
        return Err(Failure::input(format!(
            "{}: a secret has at least {SHORTEST} characters\n  hint: make one with `openssl rand -hex 32`",
            path.display()
        )));
    }
    Ok(secret)
}
