//! Nothing: the tests of this package compare the verifier with smoldot's.
