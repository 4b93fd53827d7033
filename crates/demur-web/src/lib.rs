//! What people see of Demur.
