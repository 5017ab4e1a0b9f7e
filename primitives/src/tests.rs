//! The tests of the whole crate: of each rule, of what always holds, and of the bytes that are stored.

mod coalitions;
mod consortium;
mod damage;
mod deeds;
mod fixtures;
mod golden;
mod hostile;
mod joining;
mod log;
mod model;
mod organisation;
mod properties;
mod quota;
mod random;
mod refusal;
mod refusals;
mod seals;
mod service;
mod settling;
mod threats;
mod times;
mod units;
mod verdict;
mod voices;
