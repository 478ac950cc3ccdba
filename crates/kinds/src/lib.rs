//! What is known about Kubernetes' kinds, and the algorithms over objects that need this knowledge.
//!
//! Pure: no I/O, no clock, no cluster. Facts of the built-in kinds are tables that `cargo xtask kinds`
//! writes from Kubernetes' own files; kinds of custom resources bring their schema along. Start at:
//!
//! - [`kind`]: which kinds there are, their resources, verbs, short names and table columns.
//! - [`schema`]: the types of a kind's fields, built in, of a custom resource, or deduced.
//! - [`patch`]: JSON patch, merge patch, strategic merge patch, and the three-way patches of clients.
//! - [`fields`]: sets of fields (`FieldsV1`).
//! - [`managed`]: who owns which field: server-side apply, and tracking of plain writes.
//! - [`form`], [`strict`]: what the server's own types make of an object: the written form, and decoding.
//! - [`custom`]: schemas of custom resources: validation, defaulting, pruning.
//! - [`validate`]: what the server refuses of a built-in kind; [`invalid`]: faults and their messages.

pub mod custom;
pub mod fields;
pub mod form;
pub mod invalid;
mod json_kind;
pub mod kind;
pub mod managed;
pub mod patch;
pub mod quantity;
mod quote;
pub mod schema;
pub mod strict;
mod table;
mod texts;
pub mod typed;
pub mod validate;

pub use json_kind::json_kind;

/// An object as it travels.
pub type Object = serde_json::Value;
