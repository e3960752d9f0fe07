//! The gate every byte from outside passes before anything else sees it.
