//! Printing one value under one verb, all the way down: kinds, types with a `String` method,
//! containers, and Go's complaints about verbs that do not fit.

use super::spec::{Radix, Spec};
use crate::heap::{Heap, MapId};
use crate::kind::{FloatKind, Kind};
use crate::object::Object;
use crate::value::Value;

/// Output stops growing here. No render is allowed as much; shared and nested values could
/// otherwise ask for more than any machine has.
pub(super) const MAX_OUTPUT: usize = 1 << 26;

/// Containers nested deeper than this print as `...`; Go's own stack would carry some more.
const MAX_DEPTH: usize = 1_000;

/// Stands for every address that Go would print.
const ADDRESS: u64 = 0xc0_0001_0000;

/// Prints values to a buffer.
pub(super) struct Printer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) spec: Spec,
    heap: &'a Heap,
    /// While the value in a complaint is printed, `String` methods are not asked.
    complaining: bool,
    /// The maps being printed now.
    path: Vec<MapId>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, heap: &'a Heap) -> Self {
        Self {
            out,
            spec: Spec::default(),
            heap,
            complaining: false,
            path: Vec::new(),
        }
    }

    pub(super) fn type_name(&self, v: &Value) -> &'static str {
        v.type_name(self.heap)
    }

    pub(super) fn write(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    pub(super) fn write_char(&mut self, c: char) {
        super::quote::append_char(self.out, c);
    }

    /// Prints an operand.
    pub(super) fn print_arg(&mut self, v: &Value, verb: char) {
        match (v, verb) {
            (Value::Nil, 'v' | 'T') => self.spec.pad(self.out, b"<nil>"),
            (Value::Nil, _) => self.complain(v, verb),
            (_, 'T') => self.spec.string(self.out, self.type_name(v).as_bytes()),
            (_, 'p') => self.pointer(v, verb),
            (Value::Bytes(b), 'v' | 'd') => self.byte_list(b, verb, "[]byte"),
            (Value::List(_) | Value::Map(_) | Value::Object(_), 'w') if !self.complaining => {
                self.complain(v, verb);
            }
            _ => self.print_value(v, verb, 0),
        }
    }

    /// Prints a value at some depth inside an operand.
    fn print_value(&mut self, v: &Value, verb: char, depth: usize) {
        if depth > MAX_DEPTH || self.out.len() > MAX_OUTPUT {
            self.write(b"...");
            return;
        }
        match v {
            Value::Nil if self.spec.sharp_v => self.write(b"interface {}(nil)"),
            Value::Nil => self.write(b"<nil>"),
            Value::Bytes(b) => match verb {
                's' => self.spec.string(self.out, b),
                'q' => self.spec.quoted(self.out, b),
                'x' | 'X' => self.spec.hex_string(self.out, b, verb == 'X'),
                _ => self.byte_list(b, verb, "[]uint8"),
            },
            Value::List(list) => {
                let open = self.open_list(list.ty.name, list.nil);
                if open {
                    self.sequence(&list.items, verb, depth);
                }
            }
            Value::Map(id) => self.map(*id, verb, depth),
            Value::Object(o) => self.object(v, o.as_ref(), verb, depth),
            _ => self.scalar(v, v, verb),
        }
    }

    /// Prints a scalar; `origin` is the value with its own type, for complaints.
    fn scalar(&mut self, v: &Value, origin: &Value, verb: char) {
        match v {
            Value::Bool(b) if matches!(verb, 't' | 'v') => self.spec.boolean(self.out, *b),
            Value::Int(n, _) => self.integer(*n as u64, *n < 0, origin, verb),
            Value::Uint(n, _) if verb == 'v' && self.spec.sharp_v => self.hex(*n, true),
            Value::Uint(n, _) => self.integer(*n, false, origin, verb),
            Value::Float(x, kind) => {
                let bits = if *kind == FloatKind::Float32 { 32 } else { 64 };
                match float_format(verb) {
                    Some((format, precision)) => {
                        self.spec.float(self.out, *x, bits, format, precision);
                    }
                    None => self.complain(origin, verb),
                }
            }
            Value::Complex(c) => self.complex(**c, origin, verb),
            Value::Str(s) => match verb {
                'v' if self.spec.sharp_v => self.spec.quoted(self.out, s),
                'v' | 's' => self.spec.string(self.out, s),
                'x' | 'X' => self.spec.hex_string(self.out, s, verb == 'X'),
                'q' => self.spec.quoted(self.out, s),
                _ => self.complain(origin, verb),
            },
            _ => self.complain(origin, verb),
        }
    }

    /// Prints an integer, given as its 64 bits.
    fn integer(&mut self, bits: u64, negative: bool, origin: &Value, verb: char) {
        match verb {
            'c' => self.spec.character(self.out, bits),
            'q' => self.spec.quoted_character(self.out, bits),
            'U' => self.spec.unicode(self.out, bits),
            _ => match Radix::of_verb(verb) {
                Some(radix) => {
                    let magnitude = if negative { bits.wrapping_neg() } else { bits };
                    self.spec.integer(self.out, magnitude, negative, radix);
                }
                None => self.complain(origin, verb),
            },
        }
    }

    fn hex(&mut self, n: u64, prefix: bool) {
        let radix = Radix {
            base: 16,
            ..Radix::DECIMAL
        };
        Spec {
            sharp: prefix,
            ..self.spec
        }
        .integer(self.out, n, false, radix);
    }

    fn complex(&mut self, (real, imaginary): (f64, f64), origin: &Value, verb: char) {
        let Some((format, precision)) = float_format(verb) else {
            return self.complain(origin, verb);
        };
        self.write(b"(");
        self.spec.float(self.out, real, 64, format, precision);
        let signed = Spec {
            plus: true,
            ..self.spec
        };
        signed.float(self.out, imaginary, 64, format, precision);
        self.write(b"i)");
    }

    /// `[1 2 3]`, or `[]uint8{0x1, 0x2}`.
    fn byte_list(&mut self, bytes: &[u8], verb: char, type_name: &str) {
        self.open_list(type_name, false);
        for (i, &b) in bytes.iter().enumerate() {
            self.separate(i);
            self.scalar_byte(b, verb);
        }
        self.close_list();
    }

    fn scalar_byte(&mut self, b: u8, verb: char) {
        let v = Value::Uint(b.into(), crate::kind::UintKind::Uint8);
        self.scalar(&v, &v, verb);
    }

    /// Writes what comes before a list's elements; false if a nil list is thereby done.
    fn open_list(&mut self, type_name: &str, nil: bool) -> bool {
        if !self.spec.sharp_v {
            self.write(b"[");
            return true;
        }
        self.write(type_name.as_bytes());
        self.write(if nil { b"(nil)" } else { b"{" });
        !nil
    }

    fn close_list(&mut self) {
        self.write(if self.spec.sharp_v { b"}" } else { b"]" });
    }

    fn sequence(&mut self, items: &[Value], verb: char, depth: usize) {
        for (i, item) in items.iter().enumerate() {
            self.separate(i);
            self.print_value(item, verb, depth + 1);
        }
        self.close_list();
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.write(if self.spec.sharp_v { b", " } else { b" " });
        }
    }

    fn map(&mut self, id: MapId, verb: char, depth: usize) {
        let heap = self.heap;
        let map = heap.map(id);
        if self.path.contains(&id) {
            self.write(b"map[...]");
            return;
        }
        if self.spec.sharp_v {
            self.write(heap.map_type(id).name().as_bytes());
            if map.is_nil() {
                self.write(b"(nil)");
                return;
            }
            self.write(b"{");
        } else {
            self.write(b"map[");
        }
        self.path.push(id);
        for (i, (key, value)) in map.entries().iter().enumerate() {
            self.separate(i);
            let key = Value::Str(key.clone());
            self.scalar(&key, &key, verb);
            self.write(b":");
            self.print_value(value, verb, depth + 1);
        }
        self.path.pop();
        self.close_list();
    }

    fn object(&mut self, v: &Value, o: &dyn Object, verb: char, depth: usize) {
        let stringable = matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') && !self.spec.sharp_v;
        if stringable
            && !self.complaining
            && let Some(text) = o.display()
        {
            return self.scalar(&Value::Str(text), v, verb);
        }
        if self.spec.sharp_v
            && !self.complaining
            && let Some(text) = o.go_string()
        {
            // As `%s` would, without what the sharp stands for.
            return self.spec.string(self.out, &text);
        }
        if let Some(below) = o.underlying() {
            return match below {
                Value::List(_) | Value::Map(_) | Value::Bytes(_) => {
                    self.print_value(&below, verb, depth);
                }
                scalar => self.scalar(&scalar, v, verb),
            };
        }
        match o.kind() {
            Kind::Ptr if depth == 0 && !o.is_nil() => {
                self.write(b"&");
                self.print_fields(v, verb);
            }
            Kind::Ptr | Kind::Func => self.pointer(v, verb),
            _ => self.fields(o, verb, depth),
        }
    }

    /// Prints a struct, or the struct that a pointer points to.
    pub(super) fn print_fields(&mut self, v: &Value, verb: char) {
        if let Value::Object(o) = v {
            self.fields(o.as_ref(), verb, 1);
        }
    }

    fn fields(&mut self, o: &dyn Object, verb: char, depth: usize) {
        if self.spec.sharp_v {
            self.write(o.type_name().trim_start_matches('*').as_bytes());
        }
        self.write(b"{");
        for (i, (field, value)) in o.all_fields().iter().enumerate() {
            self.separate(i);
            if self.spec.plus_v || self.spec.sharp_v {
                self.write(field.name.as_bytes());
                self.write(b":");
            }
            self.print_value(value, verb, depth + 1);
        }
        self.write(b"}");
    }

    /// Prints the address of what is a reference in Go.
    fn pointer(&mut self, v: &Value, verb: char) {
        let is_nil = match v {
            Value::List(list) => list.nil,
            Value::Bytes(_) => false,
            Value::Map(id) => self.heap.map(*id).is_nil(),
            Value::Object(o) if matches!(o.kind(), Kind::Ptr | Kind::Func) => o.is_nil(),
            _ => return self.complain(v, verb),
        };
        let address = if is_nil { 0 } else { ADDRESS };
        match verb {
            'v' if self.spec.sharp_v => {
                self.write(b"(");
                self.write(self.type_name(v).as_bytes());
                self.write(b")(");
                if is_nil {
                    self.write(b"nil");
                } else {
                    self.hex(address, true);
                }
                self.write(b")");
            }
            'v' if is_nil => self.spec.pad(self.out, b"<nil>"),
            'v' | 'p' => self.hex(address, !self.spec.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => self.integer(address, false, v, verb),
            _ => self.complain(v, verb),
        }
    }

    /// `%!verb(type=value)`
    fn complain(&mut self, v: &Value, verb: char) {
        self.complaining = true;
        self.write(b"%!");
        self.write_char(verb);
        self.write(b"(");
        if v.is_nil() {
            self.write(b"<nil>");
        } else {
            self.write(self.type_name(v).as_bytes());
            self.write(b"=");
            self.print_arg(v, 'v');
        }
        self.write(b")");
        self.complaining = false;
    }
}

/// The format and default precision that a verb means for a float.
fn float_format(verb: char) -> Option<(u8, i32)> {
    Some(match verb {
        'v' => (b'g', -1),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, -1),
        'e' | 'E' | 'f' => (verb as u8, 6),
        'F' => (b'f', 6),
        _ => return None,
    })
}
