//! Tests over the runtime as it is, on storage alone: no node, no network.
//!
//! | file | shows |
//! | --- | --- |
//! | `bad_input` | what makes no sense is refused by name, in the pool and in a block, and changes nothing |
//! | `bounds` | every bound that a member can pass, passed by one, and conflicts of interest |
//! | `migrations` | the versions of what is stored |
//! | `model` | random calls by random actors do what a simple model says, and keep what must always be true |
//! | `motions` | what motions of the council carry |
//! | `offences` | who votes twice is found out |
//! | `origins` | each call of the runtime is open to those listed, and no origin is Root |
//! | `pending` | what changes between the pool and the block, and what blocks hold |
//! | `sessions` | validators and their keys come and go |
//! | `upgrades` | what may take the place of this runtime |
//! | `chain` | a chain with a cast to try things on |
//! | `block` | whole blocks, of signed transactions |
//! | `refusal` | what a refusal costs |

mod bad_input;
mod block;
mod bounds;
mod chain;
mod migrations;
mod model;
mod motions;
mod offences;
mod origins;
mod pending;
mod refusal;
mod sessions;
mod upgrades;
