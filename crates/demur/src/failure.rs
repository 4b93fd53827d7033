//! Why a command failed, and which exit code that is.

use std::fmt;
use std::process::ExitCode;

use crate::config::Problem;

/// A failure, in words for the person who can mend it.
#[derive(Debug)]
pub(crate) struct Failure {
    fault: Fault,
    message: String,
    json: Option<serde_json::Value>,
    /// What was asked for was found out, and is not as it should be.
    finding: bool,
}

/// Who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Whoever wrote the input or the configuration.
    Input,
    /// Whoever runs the machine.
    Machine,
}

impl Failure {
    /// The input or the configuration is at fault.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Failure { fault: Fault::Input, message: message.into(), json: None, finding: false }
    }

    /// Something on the machine failed.
    pub(crate) fn machine(message: impl Into<String>) -> Self {
        Failure { fault: Fault::Machine, message: message.into(), json: None, finding: false }
    }

    /// What `--json` prints besides the message: findings that are the result all the same.
    pub(crate) fn with_json(mut self, json: serde_json::Value) -> Self {
        self.json = Some(json);
        self
    }

    /// A result that is not as it should be: printed like a result, with an exit code like an error.
    pub(crate) fn finding(words: impl Into<String>, json: serde_json::Value) -> Self {
        let failure = Failure::input(words).with_json(json);
        Failure { finding: true, ..failure }
    }

    /// The same failure as part of a result: printed like one, with this failure's exit code.
    pub(crate) fn into_finding(self, words: String, json: serde_json::Value) -> Self {
        Failure { message: words, json: Some(json), finding: true, ..self }
    }

    pub(crate) fn is_finding(&self) -> bool {
        self.finding
    }

    /// The failure as one JSON object.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mut json = self.json.clone().unwrap_or_else(|| serde_json::json!({}));
        if !self.finding {
            json["error"] = self.message.clone().into();
        }
        json
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self.fault {
            Fault::Input => 1,
            Fault::Machine => 3,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<&Failure> for ExitCode {
    fn from(failure: &Failure) -> ExitCode {
        ExitCode::from(failure.exit_code())
    }
}

impl From<demur_corpus::Error> for Failure {
    fn from(error: demur_corpus::Error) -> Self {
        let fault = if error.is_input() { Fault::Input } else { Fault::Machine };
        Failure { fault, message: error.to_string(), json: None, finding: false }
    }
}

impl From<demur_snapshot::Error> for Failure {
    fn from(error: demur_snapshot::Error) -> Self {
        let fault = match error {
            demur_snapshot::Error::Machine { .. } => Fault::Machine,
            _ => Fault::Input,
        };
        Failure { fault, message: error.to_string(), json: None, finding: false }
    }
}

impl From<demur_register::Error> for Failure {
    fn from(error: demur_register::Error) -> Self {
        use demur_register::Error as E;
        let fault = match error {
            E::Io { .. }
            | E::Store { .. }
            | E::Damaged(_)
            | E::Unreachable { .. }
            | E::OutcomeUnknown { .. } => Fault::Machine,
            _ => Fault::Input,
        };
        Failure { fault, message: error.to_string(), json: None, finding: false }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::input(problem.to_string())
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let count = match problems.len() {
            1 => "1 problem".to_owned(),
            n => format!("{n} problems"),
        };
        Failure::input(format!("{count} in the configuration\n{}", shown.join("\n")))
    }
}
