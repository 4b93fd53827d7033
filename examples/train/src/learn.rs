//! Training a model on texts, and asking it about phrases.

use std::time::Instant;

use candle_core::{Device, Result, Tensor};
use candle_nn::{AdamW, Optimizer, ParamsAdamW};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::model::{EDGE, Model, Shape};

/// How a model is trained; the same for every set.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Schedule {
    pub(crate) shape: Shape,
    /// How often each text is read.
    pub(crate) epochs: usize,
    /// Texts of one step.
    pub(crate) rows: usize,
    /// The largest step width.
    pub(crate) rate: f64,
    /// Weights and the order of texts follow from it.
    pub(crate) seed: u64,
}

/// Batches whose texts are sorted by length together, so that little is filled up.
const SORTED: usize = 32;
/// Share of the steps in which the step width grows.
const WARM_UP: f64 = 0.05;
/// Rows that are read at once where nothing is learned.
const READ: usize = 256;

/// What training came to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Course {
    /// Texts of the set.
    pub(crate) texts: usize,
    /// Bytes of these texts, as far as the model sees them.
    pub(crate) bytes: usize,
    pub(crate) steps: usize,
    pub(crate) parameters: usize,
    /// Mean loss of each epoch, in bits a byte.
    pub(crate) bits: Vec<f64>,
    pub(crate) seconds: f64,
}

/// Trains a model on these texts, and tells how it goes, under that name.
pub(crate) fn train(name: &str, texts: &[String], schedule: &Schedule) -> Result<(Model, Course)> {
    let started = Instant::now();
    let mut dice = ChaCha8Rng::seed_from_u64(schedule.seed);
    let model = Model::new(schedule.shape, &mut dice)?;
    let rows: Vec<Vec<u8>> = texts.iter().map(|text| row(text, model.context())).collect();
    let per_epoch = rows.len().div_ceil(schedule.rows);
    let all = per_epoch * schedule.epochs;
    let rules = ParamsAdamW { lr: 0.0, beta2: 0.99, weight_decay: 0.0, ..ParamsAdamW::default() };
    let mut optimizer = AdamW::new(model.weights().to_vec(), rules)?;
    let (mut steps, mut bits) = (0, Vec::new());
    for epoch in 0..schedule.epochs {
        let (mut lost, mut bytes) = (0.0, 0.0);
        for batch in batches(&rows, schedule.rows, &mut dice) {
            optimizer.set_learning_rate(schedule.rate * width_at(steps as f64 / all as f64));
            let (loss, count) = loss(&model, &batch)?;
            optimizer.backward_step(&loss)?;
            lost += f64::from(loss.to_scalar::<f32>()?) * count;
            bytes += count;
            steps += 1;
        }
        bits.push(lost / bytes / std::f64::consts::LN_2);
        eprintln!(
            "   {name}: epoch {} of {}, {:.3} bits a byte, after {:.0} s",
            epoch + 1,
            schedule.epochs,
            lost / bytes / std::f64::consts::LN_2,
            started.elapsed().as_secs_f64()
        );
    }
    let course = Course {
        texts: rows.len(),
        bytes: rows.iter().map(|row| row.len() - 2).sum(),
        steps,
        parameters: model.parameters(),
        bits,
        seconds: started.elapsed().as_secs_f64(),
    };
    Ok((model, course))
}

/// A text as the model reads it.
fn row(text: &str, context: usize) -> Vec<u8> {
    let mut row = vec![EDGE];
    row.extend(text.bytes().filter(|byte| *byte != EDGE).take(context - 1));
    row.push(EDGE);
    row
}

/// Step width by progress, both from 0 to 1: up in a line, down in half a cosine.
fn width_at(progress: f64) -> f64 {
    if progress < WARM_UP {
        (progress / WARM_UP).max(0.01)
    } else {
        let rest = (progress - WARM_UP) / (1.0 - WARM_UP);
        0.5 + 0.5 * (rest * std::f64::consts::PI).cos()
    }
}

/// All rows once, in a new order, those of like length together.
fn batches<'a>(rows: &'a [Vec<u8>], size: usize, dice: &mut ChaCha8Rng) -> Vec<Vec<&'a [u8]>> {
    let mut order: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
    order.shuffle(dice);
    for part in order.chunks_mut(size * SORTED) {
        part.sort_by_key(|row| row.len());
    }
    let mut batches: Vec<Vec<&[u8]>> = order.chunks(size).map(<[&[u8]]>::to_vec).collect();
    batches.shuffle(dice);
    batches
}

/// Rows of one length; what is missing is filled up with edges.
fn tensor(rows: &[&[u8]], length: usize) -> Result<Tensor> {
    let mut bytes = Vec::with_capacity(rows.len() * length);
    for row in rows {
        bytes.extend(row.iter().map(|byte| u32::from(*byte)));
        bytes.resize(bytes.len() + length - row.len(), u32::from(EDGE));
    }
    Tensor::from_vec(bytes, (rows.len(), length), &Device::Cpu)
}

/// For each row, the logarithm of the probability that the model gave to each byte but the first.
fn given(model: &Model, rows: &[&[u8]]) -> Result<Tensor> {
    let length = rows.iter().map(|row| row.len()).max().unwrap_or(2);
    let all = tensor(rows, length)?;
    let wanted = all.narrow(1, 1, length - 1)?.contiguous()?.unsqueeze(2)?;
    model.next_bytes(&all.narrow(1, 0, length - 1)?.contiguous()?)?.gather(&wanted, 2)?.squeeze(2)
}

/// Mean loss of a batch, and of how many bytes; what was filled up does not count.
fn loss(model: &Model, rows: &[&[u8]]) -> Result<(Tensor, f64)> {
    let given = given(model, rows)?;
    let (count, length) = given.dims2()?;
    let counts = |at: usize| f32::from(u8::from(at % length + 1 < rows[at / length].len()));
    let counts: Vec<f32> = (0..count * length).map(counts).collect();
    let bytes: f32 = counts.iter().sum();
    let counts = Tensor::from_vec(counts, (count, length), &Device::Cpu)?;
    Ok(((given * counts)?.sum_all()?.affine(-1.0 / f64::from(bytes), 0.0)?, f64::from(bytes)))
}

/// How unlikely the model finds each secret after `opening`, in bits.
pub(crate) fn surprise(model: &Model, opening: &str, secrets: &[String]) -> Result<Vec<f64>> {
    let mut bits = Vec::with_capacity(secrets.len());
    for part in secrets.chunks(READ) {
        let rows: Vec<Vec<u8>> =
            part.iter().map(|s| row(&format!("{opening}{s}"), model.context())).collect();
        let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
        for (given, secret) in given(model, &rows)?.detach().to_vec2::<f32>()?.iter().zip(part) {
            let secret = &given[opening.len()..opening.len() + secret.len()];
            bits.push(-secret.iter().map(|p| f64::from(*p)).sum::<f64>() / std::f64::consts::LN_2);
        }
    }
    Ok(bits)
}

/// What the model writes after each opening, always taking the likeliest byte, `length` bytes long. All
/// openings have one length.
pub(crate) fn complete(model: &Model, openings: &[String], length: usize) -> Result<Vec<String>> {
    let mut written = Vec::with_capacity(openings.len());
    for part in openings.chunks(READ) {
        let mut rows: Vec<Vec<u8>> = part.iter().map(|text| row(text, model.context())).collect();
        for row in &mut rows {
            row.pop();
        }
        for _ in 0..length {
            let read: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
            let last = read[0].len() - 1;
            let next = model.next_bytes(&tensor(&read, last + 1)?)?.detach();
            let next = next.narrow(1, last, 1)?.squeeze(1)?.argmax(1)?.to_vec1::<u32>()?;
            for (row, byte) in rows.iter_mut().zip(next) {
                row.push(byte as u8);
            }
        }
        let end = |row: &Vec<u8>| String::from_utf8_lossy(&row[row.len() - length..]).into_owned();
        written.extend(rows.iter().map(end));
    }
    Ok(written)
}
