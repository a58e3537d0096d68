//! Takes requests and answers them.
