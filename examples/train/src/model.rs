//! A small transformer that reads and writes bytes, made of candle's tensors.
//!
//! Nothing in it is new: byte and place embeddings, blocks of causal attention and a feed-forward
//! part, each behind a norm, and a last layer that gives every next byte a score.

use candle_core::{D, DType, Device, Result, Tensor, Var};
use candle_nn::ops::{log_softmax, rms_norm_slow, softmax};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Values that a byte can have. Byte 0 begins a text, ends it and fills what is left of a row.
const BYTES: usize = 256;
/// Byte 0: before a text, after it, and beyond it.
pub(crate) const EDGE: u8 = 0;

/// How large a model is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Shape {
    /// Numbers that stand for a byte inside the model.
    pub(crate) width: usize,
    /// Blocks, one after the other.
    pub(crate) depth: usize,
    /// Attention heads of each block.
    pub(crate) heads: usize,
    /// Bytes of a text that the model can see.
    pub(crate) context: usize,
}

/// A model, and all its weights.
pub(crate) struct Model {
    shape: Shape,
    bytes: Var,
    places: Var,
    blocks: Vec<Block>,
    norm: Var,
    scores: Var,
    weights: Vec<Var>,
}

/// Attention, then a feed-forward part.
struct Block {
    attention_norm: Var,
    attention_in: Var,
    attention_out: Var,
    forward_norm: Var,
    forward_in: Var,
    forward_out: Var,
}

/// Draws weights, and keeps count of them.
struct Draw<'a> {
    dice: &'a mut ChaCha8Rng,
    weights: Vec<Var>,
}

impl Draw<'_> {
    /// Evenly around zero, with that standard deviation.
    fn around_zero(&mut self, rows: usize, columns: usize, deviation: f32) -> Result<Var> {
        let reach = deviation * 3f32.sqrt();
        let drawn: Vec<f32> =
            (0..rows * columns).map(|_| self.dice.random_range(-reach..reach)).collect();
        self.keep(Var::from_vec(drawn, (rows, columns), &Device::Cpu)?)
    }

    /// As a layer of `rows` inputs wants it.
    fn layer(&mut self, rows: usize, columns: usize) -> Result<Var> {
        self.around_zero(rows, columns, (rows as f32).powf(-0.5))
    }

    fn ones(&mut self, width: usize) -> Result<Var> {
        self.keep(Var::ones(width, DType::F32, &Device::Cpu)?)
    }

    fn keep(&mut self, var: Var) -> Result<Var> {
        self.weights.push(var.clone());
        Ok(var)
    }
}

impl Model {
    /// An untrained model.
    pub(crate) fn new(shape: Shape, dice: &mut ChaCha8Rng) -> Result<Self> {
        let mut draw = Draw { dice, weights: Vec::new() };
        let width = shape.width;
        let bytes = draw.around_zero(BYTES, width, 0.1)?;
        let places = draw.around_zero(shape.context, width, 0.1)?;
        let block = |draw: &mut Draw<'_>| -> Result<Block> {
            Ok(Block {
                attention_norm: draw.ones(width)?,
                attention_in: draw.layer(width, 3 * width)?,
                attention_out: draw.layer(width, width)?,
                forward_norm: draw.ones(width)?,
                forward_in: draw.layer(width, 4 * width)?,
                forward_out: draw.layer(4 * width, width)?,
            })
        };
        let blocks = (0..shape.depth).map(|_| block(&mut draw)).collect::<Result<_>>()?;
        let norm = draw.ones(width)?;
        let scores = draw.layer(width, BYTES)?;
        Ok(Self { shape, bytes, places, blocks, norm, scores, weights: draw.weights })
    }

    /// Everything that training changes.
    pub(crate) fn weights(&self) -> &[Var] {
        &self.weights
    }

    /// How many numbers it has learned.
    pub(crate) fn parameters(&self) -> usize {
        self.weights.iter().map(|weight| weight.elem_count()).sum()
    }

    /// The longest row that it reads.
    pub(crate) fn context(&self) -> usize {
        self.shape.context
    }

    /// For rows of bytes, the logarithm of the probability of every byte that may come next.
    pub(crate) fn next_bytes(&self, rows: &Tensor) -> Result<Tensor> {
        let (count, length) = rows.dims2()?;
        let places = self.places.narrow(0, 0, length)?;
        let mut inner = self
            .bytes
            .index_select(&rows.flatten_all()?, 0)?
            .reshape((count, length, self.shape.width))?
            .broadcast_add(&places)?;
        let mask = mask(length)?;
        for block in &self.blocks {
            inner = (&inner + self.attend(block, &inner, &mask)?)?;
            let seen = norm(&inner, &block.forward_norm)?;
            let hidden = times(&seen, &block.forward_in)?.relu()?;
            inner = (inner + times(&hidden, &block.forward_out)?)?;
        }
        log_softmax(&times(&norm(&inner, &self.norm)?, &self.scores)?, D::Minus1)
    }

    /// What each place takes from those before it.
    fn attend(&self, block: &Block, inner: &Tensor, mask: &Tensor) -> Result<Tensor> {
        let (count, length, width) = inner.dims3()?;
        let heads = self.shape.heads;
        let mixed = times(&norm(inner, &block.attention_norm)?, &block.attention_in)?;
        let part = |at: usize| {
            mixed
                .narrow(D::Minus1, at * width, width)?
                .reshape((count, length, heads, width / heads))?
                .transpose(1, 2)?
                .contiguous()
        };
        let (query, key, value) = (part(0)?, part(1)?, part(2)?);
        let scale = ((width / heads) as f64).powf(-0.5);
        let scores = (query.matmul(&key.t()?.contiguous()?)? * scale)?.broadcast_add(mask)?;
        let taken = softmax(&scores, D::Minus1)?.matmul(&value)?;
        times(&taken.transpose(1, 2)?.reshape((count, length, width))?, &block.attention_out)
    }
}

fn norm(inner: &Tensor, scale: &Tensor) -> Result<Tensor> {
    rms_norm_slow(inner, scale, 1e-5)
}

/// Each row of each text times a matrix, as one large product.
fn times(inner: &Tensor, matrix: &Tensor) -> Result<Tensor> {
    let (count, length, width) = inner.dims3()?;
    let product = inner.reshape((count * length, width))?.matmul(matrix)?;
    product.reshape((count, length, matrix.dim(1)?))
}

/// Hides what comes later.
fn mask(length: usize) -> Result<Tensor> {
    let hidden = |at: usize| if at % length > at / length { f32::NEG_INFINITY } else { 0.0 };
    let mask: Vec<f32> = (0..length * length).map(hidden).collect();
    Tensor::from_vec(mask, (length, length), &Device::Cpu)
}
