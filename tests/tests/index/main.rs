//! The history index, over a chain in memory whose every record is what the folds make of its entries.
//!
//! Whatever happens to an index on the way, it must end as one that was built at once, and what it answers must be what
//! somebody finds who looks at every record.

mod bare;
mod chain;
mod changes;
mod damage;
mod killed;
mod lists;
mod many;
mod oracle;
mod random;
mod relatives;
mod steps;
