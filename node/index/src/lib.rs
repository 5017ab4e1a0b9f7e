//! The history index: the record, in the order of the questions that are asked of it.
//!
//! The chain's state finds an incident by its number. This finds incidents by start, service, organisation, verdict and
//! the rest, at one finalized block, from a RocksDB of its own. All that it holds follows from the state at that block:
//! it can be thrown away at any time, and is the same however it came about.
//!
//! | file | holds |
//! | --- | --- |
//! | `store.rs` | the database: opening, one batch a step, what it stands at |
//! | `column.rs` | the column families, one a question, and what each is keyed by |
//! | `row.rs` | the rows that an incident and a service come to |
//! | `facets.rs` | what an incident is, in two bytes: verdict, status, timeliness, kind, severity |
//! | `postings.rs` | lists of incidents in one order: one, any of several, all of several |
//! | `query.rs` | what is asked, and how it is answered |
//! | `reading.rs` | a view of everything at one block |
//! | `follow.rs` | keeping step with the chain, a bounded step at a time |

mod column;
mod error;
mod facets;
mod follow;
mod postings;
mod query;
mod reading;
mod row;
mod store;

pub use error::Error;
pub use facets::FacetFilter;
pub use follow::{Chain, ChainError, Counts, FollowError, Follower, Step, Touched, MAX_WALK};
pub use query::{Filter, Found, Position, Scope, ServiceFilter, MAX_STEPS};
pub use reading::{ChangePosition, Reading, MOST_LOOKED_AT};
pub use store::{Building, Changes, Difference, Head, Index, ServiceEntry, State, FORMAT};
