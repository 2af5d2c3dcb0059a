//! Integrals of smooth functions to 1e-10 and better.
