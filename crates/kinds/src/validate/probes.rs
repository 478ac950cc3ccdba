//! Probes of containers.

use serde_json::Value;

use super::{Faults, PORT_RANGE, is_port, items, names};

pub(super) fn check(probe: &Value, field: &str, faults: &mut Faults) {
    if probe.is_null() {
        return;
    }
    handler(probe, field, faults);
    let numbers = [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ];
    faults.not_negative(probe, field, &numbers);
}

fn handler(probe: &Value, field: &str, faults: &mut Faults) {
    let mut found = 0;
    for name in ["exec", "httpGet", "tcpSocket", "grpc"] {
        let handler = &probe[name];
        if handler.is_null() {
            continue;
        }
        let field = format!("{field}.{name}");
        found += 1;
        if found > 1 {
            faults.forbidden(&field, "may not specify more than 1 handler type");
            continue;
        }
        if name == "exec" {
            if items(&handler["command"]).is_empty() {
                faults.required(&format!("{field}.command"), "");
            }
        } else {
            port(&handler["port"], &format!("{field}.port"), faults);
        }
    }
    if found == 0 {
        faults.required(field, "must specify a handler type");
    }
}

/// A port by number or name.
pub(super) fn port(port: &Value, field: &str, faults: &mut Faults) {
    match port {
        Value::String(name) => faults.named(field, name, names::port(name)),
        port if is_port(port) => {}
        port => {
            let port = if port.is_null() {
                &Value::from(0)
            } else {
                port
            };
            faults.malformed(field, port, PORT_RANGE);
        }
    }
}
