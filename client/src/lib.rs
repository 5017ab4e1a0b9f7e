//! Faultline.
