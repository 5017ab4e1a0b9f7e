//! Running a node: whether it is well, what it counts and says, how it ends, and what it makes of bad input.

mod bad_input;
mod end;
mod node;
mod well;
