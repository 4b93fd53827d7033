//! Keeping small counts from pointing at somebody.
//!
//! A count below the limit is not told. That alone protects nobody where the table has totals: what is
//! missing follows by subtraction. So further counts are withheld, until no untold one follows from what
//! is left. A table with totals is a graph: rows and columns are its nodes, each count is an edge
//! between its row and its column, and totals are edges back. What could be different without any told
//! number being different is a circulation, so an untold count is safe exactly where a cycle of untold
//! ones leads through it (Gusfield 1988), each of them with room to move in the direction of the cycle.

/// A count as everybody may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Exactly so many.
    Count(u64),
    /// At least one, and fewer than the limit.
    Few,
    /// Not told, so that others cannot be computed. Nothing follows from it.
    Withheld,
}

impl Shown {
    /// The count, where it is told.
    pub(crate) fn count(self) -> Option<u64> {
        match self {
            Shown::Count(count) => Some(count),
            Shown::Few | Shown::Withheld => None,
        }
    }

    /// A count that stands alone.
    pub(crate) fn alone(value: u64, limit: u64) -> Self {
        if (1..limit).contains(&value) { Shown::Few } else { Shown::Count(value) }
    }
}

/// A table with its totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table<const N: usize> {
    /// Each row's counts, and their total.
    pub(crate) rows: Vec<([Shown; N], Shown)>,
    /// The totals of the columns.
    pub(crate) columns: [Shown; N],
    /// The total of everything.
    pub(crate) total: Shown,
}

/// What a table may show. `weights` say how much the counts of a column are worth to readers: of what can
/// be withheld, the cheapest is. The total of everything is always told, unless it is small itself; then
/// nothing else is.
pub(crate) fn table<const N: usize>(rows: &[[u64; N]], weights: [u64; N], limit: u64) -> Table<N> {
    let columns: [u64; N] = std::array::from_fn(|j| rows.iter().map(|row| row[j]).sum());
    let total: u64 = columns.iter().sum();
    let shown = Shown::alone(total, limit);
    if shown == Shown::Few {
        let rows = vec![([Shown::Withheld; N], Shown::Withheld); rows.len()];
        return Table { rows, columns: [Shown::Withheld; N], total: shown };
    }

    // Nodes: the rows, the row of totals, the columns, the column of totals.
    let row_of_totals = rows.len();
    let column = |j: usize| rows.len() + 1 + j;
    let mut cells = Vec::with_capacity((rows.len() + 1) * (N + 1));
    for (i, row) in rows.iter().enumerate() {
        for j in 0..N {
            cells.push(Cell::new(i, column(j), row[j], weights[j]));
        }
        cells.push(Cell::new(column(N), i, row.iter().sum(), TOTALS));
    }
    for j in 0..N {
        cells.push(Cell::new(column(j), row_of_totals, columns[j], TOTALS * weights[j]));
    }

    let all = protect(&cells, limit);
    let (body, last) = all.split_at(rows.len() * (N + 1));
    let part = |cells: &[Shown]| std::array::from_fn(|j| cells[j]);
    let rows = body.chunks(N + 1).map(|row| (part(row), row[N])).collect();
    Table { rows, columns: part(last), total: shown }
}

/// What the parts of a total may show that is itself shown as `total`.
pub(crate) fn parts(total: Shown, parts: &[u64], limit: u64) -> Vec<Shown> {
    if total.count().is_none() {
        return vec![Shown::Withheld; parts.len()];
    }
    let cells: Vec<Cell> = parts.iter().map(|value| Cell::new(0, 1, *value, 1)).collect();
    protect(&cells, limit)
}

/// How much more a total is worth than a count inside the table.
const TOTALS: u64 = 10;

/// One number of a table that adds up: what leaves each node equals what enters it.
struct Cell {
    from: usize,
    to: usize,
    value: u64,
    cost: u64,
}

impl Cell {
    /// A large number costs little more than a small one: it is withheld by as much, and still known
    /// quite well.
    fn new(from: usize, to: usize, value: u64, weight: u64) -> Self {
        let digits = u64::from(u64::BITS - value.leading_zeros());
        Cell { from, to, value, cost: weight * (1 + digits) }
    }

    /// Whether it could be larger by one, or smaller by one, for all that is told of it.
    fn room(&self, shown: Shown, limit: u64) -> (bool, bool) {
        match shown {
            Shown::Count(_) => (false, false),
            Shown::Few => (self.value + 1 < limit, self.value > 1),
            Shown::Withheld => (true, self.value > limit),
        }
    }
}

/// Hides what is small, and as much else as that takes.
fn protect(cells: &[Cell], limit: u64) -> Vec<Shown> {
    let mut shown: Vec<Shown> = cells.iter().map(|c| Shown::alone(c.value, limit)).collect();
    // What is safe stays safe when more is withheld, and what is withheld for a cycle lies on one: each
    // needs to be looked at once.
    for at in 0..cells.len() {
        if shown[at].count().is_some() {
            continue;
        }
        let graph = Graph { cells, shown: &shown, limit };
        if graph.cycle(at, false).is_some() {
            continue;
        }
        match graph.cycle(at, true) {
            Some(more) => {
                for cell in more.into_iter().filter(|cell| *cell != at) {
                    if shown[cell].count().is_some() {
                        shown[cell] = Shown::Withheld;
                    }
                }
            }
            None => return blank(cells),
        }
    }
    shown
}

/// Tells nothing but what the structure of the table gives away anyhow: in a table of one row, the row's
/// total is that of everything.
fn blank(cells: &[Cell]) -> Vec<Shown> {
    let withheld = vec![Shown::Withheld; cells.len()];
    // Nobody can tell that these are not small, so there is room for every change down to nothing.
    let graph = Graph { cells, shown: &withheld, limit: 0 };
    let hidden = |at| graph.cycle(at, false).is_some();
    let shown =
        |at: usize| if hidden(at) { Shown::Withheld } else { Shown::Count(cells[at].value) };
    (0..cells.len()).map(shown).collect()
}

struct Graph<'a> {
    cells: &'a [Cell],
    shown: &'a [Shown],
    limit: u64,
}

impl Graph<'_> {
    /// A cycle through the cell along which untold counts can change by one: the cheapest, where counts
    /// that are told so far may be `withheld` for it.
    fn cycle(&self, at: usize, withheld: bool) -> Option<Vec<usize>> {
        let cell = &self.cells[at];
        let (up, down) = cell.room(self.shown[at], self.limit);
        let larger = if up { self.path(cell.to, cell.from, at, withheld) } else { None };
        let smaller = if down { self.path(cell.from, cell.to, at, withheld) } else { None };
        [larger, smaller].into_iter().flatten().min_by_key(|(cost, _)| *cost).map(|(_, path)| path)
    }

    /// The cheapest way from one node to another that does not use one cell (Dijkstra): its cost, and the
    /// cells on it.
    fn path(
        &self,
        start: usize,
        goal: usize,
        without: usize,
        withheld: bool,
    ) -> Option<(u64, Vec<usize>)> {
        let nodes = self.cells.iter().map(|cell| cell.from.max(cell.to) + 1).max()?;
        let mut best: Vec<Option<(u64, usize, usize)>> = vec![None; nodes];
        let mut done = vec![false; nodes];
        best[start] = Some((0, start, without));
        loop {
            let open = (0..nodes).filter(|node| !done[*node]);
            let (cost, node) = open.filter_map(|n| Some((best[n]?.0, n))).min()?;
            if node == goal {
                break;
            }
            done[node] = true;
            for (at, cell) in self.cells.iter().enumerate() {
                let Some((next, more)) = self.step(at, cell, node, withheld) else { continue };
                let cost = cost.saturating_add(more);
                if at != without && best[next].is_none_or(|(known, ..)| cost < known) {
                    best[next] = Some((cost, node, at));
                }
            }
        }
        let mut path = Vec::new();
        let mut node = goal;
        while node != start {
            let (_, previous, at) = best[node]?;
            path.push(at);
            node = previous;
        }
        Some((best[goal]?.0, path))
    }

    /// Where a cell leads from a node, and what it costs to use it.
    fn step(&self, at: usize, cell: &Cell, node: usize, withheld: bool) -> Option<(usize, u64)> {
        let (shown, cost) = match self.shown[at] {
            // A zero is told: it points at nobody.
            Shown::Count(0) => return None,
            Shown::Count(_) if withheld => (Shown::Withheld, cell.cost),
            Shown::Count(_) => return None,
            untold => (untold, 0),
        };
        let (up, down) = cell.room(shown, self.limit);
        if node == cell.from && up {
            Some((cell.to, cost))
        } else if node == cell.to && down {
            Some((cell.from, cost))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
