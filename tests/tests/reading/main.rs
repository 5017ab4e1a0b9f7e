//! Reading at scale: lists, cursors and subscriptions, what a node makes of bad questions, and what its index outlives.

mod bare;
mod browser;
mod chain;
mod cursors;
mod entries;
mod flood;
mod listing;
mod network;
mod nonsense;
mod oracle;
mod related;
mod slow;
mod speech;
mod subscriber;
mod subscriptions;
mod survival;
