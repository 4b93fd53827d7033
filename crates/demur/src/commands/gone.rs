//! `demur gone`: a training set that no longer exists.

use demur_register::event::By;
use serde_json::json;

use crate::context::{Context, now};
use crate::failure::Failure;

pub(crate) fn run(context: &Context, set: &str) -> Result<(), Failure> {
    context.existing_register()?.training_set_gone(set, By::Operator, now())?;
    let words = format!(
        "training set {set} no longer exists, says the register now; nothing more can be done with it"
    );
    context.out.result(&words, &json!({ "set": set, "gone": true }));
    Ok(())
}
