//! Go's `encoding/json` over values: `Marshal` with its escapes and number formats, `Unmarshal` with
//! its messages.
