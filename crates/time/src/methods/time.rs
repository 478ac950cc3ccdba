//! `time.Time` as a template object.

use std::any::Any;
use std::cmp::Ordering;

use windlass_value::func::{CallError, Method, Param};
use windlass_value::object::Field;
use windlass_value::{Heap, Kind, Object, Str, UintKind, Value};

use super::{DURATION, TIME, argument, duration_argument, getter, int_argument, receiver};
use crate::time::Time;
use crate::zone::Zone;

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    /// What Go's `fmt` prints where no `String` method is asked: the fields of the struct.
    fn all_fields(&self) -> Vec<(Field, Value)> {
        let (wall, ext) = self.words();
        let location = Location {
            utc: self.zone().is_same(&Zone::default()),
        };
        vec![
            (Field::plain("wall"), Value::Uint(wall, UintKind::Uint64)),
            (Field::plain("ext"), Value::int64(ext)),
            (Field::plain("loc"), Value::object(location)),
        ]
    }

    fn display(&self) -> Option<Str> {
        Some(self.to_string().into())
    }

    fn go_string(&self) -> Option<Str> {
        Some(go_string(self).into())
    }

    fn to_json(&self) -> Option<Result<String, String>> {
        Some(json(self))
    }

    fn equals(&self, other: &dyn Object, _heap: &Heap) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>();
        Some(other.is_some_and(|other| self.is_identical(other)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A time's pointer to its zone, which is nil for UTC.
#[derive(Debug)]
struct Location {
    utc: bool,
}

impl Object for Location {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn is_nil(&self) -> bool {
        self.utc
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn json(time: &Time) -> Result<String, String> {
    match time.to_rfc3339() {
        Ok(text) => Ok(format!("\"{text}\"")),
        Err(what) => Err(format!("Time.MarshalJSON: {what}")),
    }
}

type Outcome = Result<Value, CallError>;

/// Methods in the order of their names.
const METHODS: &[Method] = &[
    Method::new("Add", &[DURATION], |_, t, args| {
        object(
            receiver::<Time>(t)?
                .clone()
                .plus(duration_argument(args, 0)?),
        )
    }),
    Method::new(
        "AddDate",
        &[Param::Int, Param::Int, Param::Int],
        |_, t, args| {
            let [years, months, days] = [0, 1, 2].map(|i| int_argument(args, i));
            object(receiver::<Time>(t)?.plus_date(years, months, days))
        },
    ),
    Method::new("After", &[TIME], |_, t, args| {
        Ok((compare(t, args)? == Ordering::Greater).into())
    }),
    Method::new("AppendBinary", &[Param::Bytes], |_, t, args| {
        append(args, &binary(receiver(t)?)?)
    }),
    Method::new(
        "AppendFormat",
        &[Param::Bytes, Param::String],
        |_, t, args| append(args, &receiver::<Time>(t)?.format(bytes(args, 1))),
    ),
    Method::new("AppendText", &[Param::Bytes], |_, t, args| {
        append(args, text(receiver(t)?, "Time.AppendText")?.as_bytes())
    }),
    Method::new("Before", &[TIME], |_, t, args| {
        Ok((compare(t, args)? == Ordering::Less).into())
    }),
    Method::uncallable(
        "Clock",
        "function Clock has 3 return values; should be 1 or 2",
    ),
    Method::new("Compare", &[TIME], |_, t, args| {
        Ok(Value::int(compare(t, args)? as i64))
    }),
    Method::uncallable(
        "Date",
        "function Date has 3 return values; should be 1 or 2",
    ),
    getter("Day", |_, t, _| int(receiver::<Time>(t)?.civil().day)),
    Method::new("Equal", &[TIME], |_, t, args| {
        Ok((compare(t, args)? == Ordering::Equal).into())
    }),
    Method::new("Format", &[Param::String], |_, t, args| {
        Ok(Value::str(receiver::<Time>(t)?.format(bytes(args, 0))))
    }),
    getter("GoString", |_, t, _| Ok(go_string(receiver(t)?).into())),
    getter("GobEncode", |_, t, _| {
        Ok(Value::Bytes(binary(receiver(t)?)?.into()))
    }),
    getter("Hour", |_, t, _| int(receiver::<Time>(t)?.civil().hour)),
    Method::uncallable(
        "ISOWeek",
        "invalid function signature for ISOWeek: second return value should be error; is int",
    ),
    Method::new("In", &[Param::Named("*time.Location")], |_, t, args| {
        object(
            receiver::<Time>(t)?
                .clone()
                .within(argument::<Zone>(args, 0)?.clone()),
        )
    }),
    getter("IsDST", |_, t, _| Ok(receiver::<Time>(t)?.is_dst().into())),
    getter("IsZero", |_, t, _| {
        Ok(receiver::<Time>(t)?.is_zero().into())
    }),
    getter("Local", |_, t, _| {
        object(receiver::<Time>(t)?.clone().within(Zone::Local))
    }),
    getter("Location", |_, t, _| {
        Ok(Value::object(receiver::<Time>(t)?.zone().clone()))
    }),
    getter("MarshalBinary", |_, t, _| {
        Ok(Value::Bytes(binary(receiver(t)?)?.into()))
    }),
    getter("MarshalJSON", |_, t, _| {
        let json = json(receiver(t)?).map_err(CallError)?;
        Ok(Value::Bytes(json.into()))
    }),
    getter("MarshalText", |_, t, _| {
        Ok(Value::Bytes(text(receiver(t)?, "Time.MarshalText")?.into()))
    }),
    getter("Minute", |_, t, _| int(receiver::<Time>(t)?.civil().minute)),
    getter("Month", |_, t, _| {
        Ok(Value::object(receiver::<Time>(t)?.civil().month))
    }),
    getter("Nanosecond", |_, t, _| {
        int(receiver::<Time>(t)?.nanosecond().into())
    }),
    Method::new("Round", &[DURATION], |_, t, args| {
        object(receiver::<Time>(t)?.round(duration_argument(args, 0)?))
    }),
    getter("Second", |_, t, _| int(receiver::<Time>(t)?.civil().second)),
    getter("String", |_, t, _| {
        Ok(receiver::<Time>(t)?.to_string().into())
    }),
    Method::new("Sub", &[TIME], |_, t, args| {
        Ok(Value::object(
            receiver::<Time>(t)?.since(argument(args, 0)?),
        ))
    }),
    Method::new("Truncate", &[DURATION], |_, t, args| {
        object(receiver::<Time>(t)?.truncate(duration_argument(args, 0)?))
    }),
    getter("UTC", |_, t, _| {
        object(receiver::<Time>(t)?.clone().within(Zone::Utc))
    }),
    getter("Unix", |_, t, _| {
        Ok(Value::int64(receiver::<Time>(t)?.unix()))
    }),
    getter("UnixMicro", |_, t, _| {
        Ok(Value::int64(receiver::<Time>(t)?.unix_in(1_000_000)))
    }),
    getter("UnixMilli", |_, t, _| {
        Ok(Value::int64(receiver::<Time>(t)?.unix_in(1_000)))
    }),
    getter("UnixNano", |_, t, _| {
        Ok(Value::int64(receiver::<Time>(t)?.unix_in(1_000_000_000)))
    }),
    getter("Weekday", |_, t, _| {
        Ok(Value::object(receiver::<Time>(t)?.civil().weekday))
    }),
    getter("Year", |_, t, _| int(receiver::<Time>(t)?.civil().year)),
    getter("YearDay", |_, t, _| {
        int(receiver::<Time>(t)?.civil().year_day)
    }),
    Method::uncallable(
        "Zone",
        "invalid function signature for Zone: second return value should be error; is int",
    ),
    Method::uncallable(
        "ZoneBounds",
        "invalid function signature for ZoneBounds: second return value should be error; is time.Time",
    ),
];

fn object(time: Time) -> Outcome {
    Ok(Value::object(time))
}

fn int(n: i64) -> Outcome {
    Ok(Value::int(n))
}

fn compare(this: &Value, args: &[Value]) -> Result<Ordering, CallError> {
    Ok(receiver::<Time>(this)?.compare(argument(args, 0)?))
}

/// The bytes of a `string` or `[]byte` argument.
fn bytes(args: &[Value], index: usize) -> &[u8] {
    match args.get(index) {
        Some(Value::Str(s) | Value::Bytes(s)) => s,
        _ => b"",
    }
}

fn append(args: &[Value], more: &[u8]) -> Outcome {
    Ok(Value::Bytes([bytes(args, 0), more].concat().into()))
}

fn text(time: &Time, who: &str) -> Result<String, CallError> {
    time.to_rfc3339()
        .map_err(|what| CallError(format!("{who}: {what}")))
}

/// Go's own binary form: version, seconds since the year 1, nanoseconds, offset.
fn binary(time: &Time) -> Result<Vec<u8>, CallError> {
    let offset = time.zone_now().1;
    let (minutes, seconds) = match time.zone() {
        // UTC itself is told apart from a zone that happens to have its offset.
        Zone::Utc => (-1, 0),
        _ => (offset / 60, offset % 60),
    };
    let is_utc = matches!(time.zone(), Zone::Utc);
    let minutes = i16::try_from(minutes)
        .ok()
        .filter(|m| is_utc || *m != -1)
        .ok_or_else(|| CallError::new("Time.MarshalBinary: unexpected zone offset"))?;
    let mut out = vec![if seconds == 0 { 1 } else { 2 }];
    out.extend(time.since_year_one().to_be_bytes());
    out.extend(time.nanosecond().to_be_bytes());
    out.extend(minutes.to_be_bytes());
    if seconds != 0 {
        out.push((seconds as i8).cast_unsigned());
    }
    Ok(out)
}

fn go_string(time: &Time) -> String {
    let civil = time.civil();
    let zone = match time.zone() {
        Zone::Utc => "time.UTC".to_owned(),
        Zone::Local => "time.Local".to_owned(),
        other => format!(
            "time.Location({})",
            crate::text::quote(other.name().as_bytes())
        ),
    };
    format!(
        "time.Date({}, time.{}, {}, {}, {}, {}, {}, {zone})",
        civil.year,
        civil.month,
        civil.day,
        civil.hour,
        civil.minute,
        civil.second,
        time.nanosecond()
    )
}
