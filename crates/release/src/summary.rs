//! What lists show of a record, had without unpacking it: from an annotation beside records of ours, and from
//! the first bytes of all others.
//!
//! Helm's updates drop the annotation, so that one that is there is of the record that is there; should it
//! contradict the record's label all the same, it counts for nothing.

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use windlass_time::{RFC3339, Time};

use crate::chart::StoredChart;
use crate::codec;
use crate::json::Json;
use crate::object::Payload;
use crate::release::Release;
use crate::store::Detail;
use crate::words::Status;

/// The annotation.
pub const SUMMARY: &str = "windlass.dev/summary";

/// A description beyond this is left to the record.
const MAX_BYTES: usize = 8 << 10;

/// The summary of a record as text, where it is short.
pub(crate) fn text(release: &Release) -> Option<String> {
    let chart = release.chart.as_ref()?;
    let info = &release.info;
    let updated = match info.last_deployed.is_zero() {
        true => String::new(),
        false => info.last_deployed.to_rfc3339().ok()?,
    };
    let text = json!({
        "namespace": release.namespace,
        "status": info.status.as_str(),
        "updated": updated,
        "description": info.description,
        "rollback": info.rollback_revision,
        "chart": chart.name(),
        "version": chart.version(),
        "appVersion": chart.app_version(),
    })
    .to_string();
    (text.len() <= MAX_BYTES).then_some(text)
}

/// The record that the metadata of an object tell of, as far as lists show it.
#[must_use]
pub fn from_metadata(object: &Value) -> Option<Release> {
    let metadata = object.get("metadata")?;
    let text = metadata.get("annotations")?.get(SUMMARY)?.as_str()?;
    let said: Value = serde_json::from_str(text).ok()?;
    let field = |key: &str| said.get(key).and_then(Value::as_str);
    let mut release = identified(metadata)?;
    if labels_of(metadata).get("status").map(String::as_str) != field("status") {
        return None;
    }
    release.namespace = field("namespace")?.to_owned();
    release.info.status = field("status")?.into();
    release.info.description = field("description")?.to_owned();
    release.info.rollback_revision = said.get("rollback")?.as_i64()?;
    release.info.last_deployed = match field("updated")? {
        "" => Time::default(),
        text => windlass_time::parse(RFC3339, text.as_bytes()).ok()?,
    };
    let metadata = json!({
        "name": field("chart")?,
        "version": field("version")?,
        "appVersion": field("appVersion")?,
    });
    let mut chart = StoredChart::empty();
    chart.metadata = Json::from_go(metadata.to_string());
    release.chart = Some(chart);
    Some(release)
}

/// Name and revision of the record in an object, as its labels have them; with all labels.
fn identified(metadata: &Value) -> Option<Release> {
    let labels = labels_of(metadata);
    Some(Release {
        name: labels.get("name")?.clone(),
        version: labels.get("version")?.parse().ok()?,
        labels,
        ..Release::default()
    })
}

/// The revision that an object's labels say it holds.
#[must_use]
pub fn revision(object: &Value) -> Option<i64> {
    let label = object.pointer("/metadata/labels/version")?;
    label.as_str()?.parse().ok()
}

/// How an object's labels say that its revision stands.
#[must_use]
pub fn status(object: &Value) -> Option<Status> {
    let label = object.pointer("/metadata/labels/status")?;
    Some(label.as_str()?.into())
}

fn labels_of(metadata: &Value) -> std::collections::BTreeMap<String, String> {
    let found = metadata.get("labels").and_then(Value::as_object);
    let text = |(k, v): (&String, &Value)| Some((k.clone(), v.as_str()?.to_owned()));
    found.into_iter().flatten().filter_map(text).collect()
}

/// How much of a record is looked at for its first fields; then much more, for long notes.
const HEADS: [usize; 2] = [6 << 10, 96 << 10];

/// The record whose payload is given, as far as lists show it, from its beginning and its object's
/// metadata. `None` where it is not in Helm's form: it has to be read as a whole then.
#[must_use]
pub fn from_head(metadata: &Value, payload: Payload<'_>) -> Option<Release> {
    let known = identified(metadata)?;
    let json = HEADS.iter().find_map(|bytes| head(payload, *bytes))?;
    let mut release = codec::from_json(json.as_bytes(), Detail::Summary).ok()?;
    if release.name != known.name {
        return None;
    }
    release.version = known.version;
    release.namespace = metadata.get("namespace")?.as_str()?.to_owned();
    release.labels = known.labels;
    Some(release)
}

/// The fields of a record that lists show, from so many bytes of its payload.
fn head(payload: Payload<'_>, bytes: usize) -> Option<String> {
    let packed = payload.beginning(bytes)?;
    let json = codec::inflate_head(&decoded(&packed)?);
    let mut found = Head::default();
    let mut deserializer = serde_json::Deserializer::from_slice(&json);
    // It ends with an error in any case: where all is found, or where the bytes end.
    let _ended = deserializer.deserialize_map(&mut found);
    let (name, info, metadata) = (found.name?, found.info?, found.metadata?);
    Some(format!(
        r#"{{"name":{name},"info":{info},"chart":{{"metadata":{metadata}}}}}"#
    ))
}

/// Base64, as far as it goes in whole groups.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let whole = text.len() - text.len() % 4;
    windlass_value::base64::decode(&text[..whole]).ok()
}

/// Collects the fields that lists show, and ends the reading as soon as all are there.
#[derive(Default)]
struct Head {
    name: Option<Box<RawValue>>,
    info: Option<Box<RawValue>>,
    metadata: Option<Box<RawValue>>,
}

impl Head {
    fn is_complete(&self) -> bool {
        self.name.is_some() && self.info.is_some() && self.metadata.is_some()
    }
}

impl<'de> Visitor<'de> for &mut Head {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => self.name = Some(map.next_value()?),
                "info" => self.info = Some(map.next_value()?),
                "chart" => map.next_value_seed(ChartHead(self))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.is_complete() {
                return Err(A::Error::custom("all is found"));
            }
        }
        Ok(())
    }
}

/// The chart's part of it.
struct ChartHead<'h>(&'h mut Head);

impl<'de> DeserializeSeed<'de> for ChartHead<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ChartHead<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a chart")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key != "metadata" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.0.metadata = Some(map.next_value()?);
            if self.0.is_complete() {
                return Err(A::Error::custom("all is found"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use windlass_chart::compat::Compat;

    use super::*;
    use crate::codec::Packer;
    use crate::object::{self, Kind};

    fn release(notes: &str) -> Release {
        let mut release = Release {
            name: "web".to_owned(),
            namespace: "shop".to_owned(),
            version: 7,
            ..Release::default()
        };
        release.set_status(Status::Superseded, "Upgrade \"complete\"");
        release.info.last_deployed = Time::from_unix(1_700_000_000, 5);
        release.info.rollback_revision = 3;
        notes.clone_into(&mut release.info.notes);
        release.manifest = noise(60_000);
        let mut chart = StoredChart::empty();
        chart.metadata =
            Json::parse(r#"{"name":"shop","version":"1.2.3","appVersion":"9"}"#).unwrap();
        release.chart = Some(chart);
        release
    }

    /// Text that does not shrink when it is packed.
    fn noise(length: usize) -> String {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            char::from(b'a' + (state >> 60) as u8)
        };
        (0..length).map(|_| next()).collect()
    }

    fn stored(kind: Kind, release: &Release) -> Value {
        let mut object =
            object::for_create(kind, release, 1, Compat::Helm4, &mut Packer::default()).unwrap();
        object["metadata"]["namespace"] = json!("shop");
        object
    }

    fn shown(release: &Release) -> String {
        let chart = release.chart.as_ref().unwrap();
        format!(
            "{} {} {} {} {} {} {} {} {} {}",
            release.name,
            release.namespace,
            release.version,
            release.info.status,
            release.info.description,
            release.info.rollback_revision,
            release.info.last_deployed,
            chart.name(),
            chart.version(),
            chart.app_version()
        )
    }

    #[test]
    fn a_summary_tells_what_the_record_does() {
        let release = release("");
        let object = stored(Kind::Secret, &release);
        let found = from_metadata(&object).unwrap();
        assert_eq!(shown(&found), shown(&release));
        assert_eq!(found.labels["owner"], "helm");
        assert_eq!(revision(&object), Some(7));
    }

    #[test]
    fn a_summary_that_contradicts_the_label_counts_for_nothing() {
        let mut object = stored(Kind::Secret, &release(""));
        object["metadata"]["labels"]["status"] = json!("deployed");
        assert!(from_metadata(&object).is_none());
        object["metadata"]["annotations"] = json!({});
        assert!(from_metadata(&object).is_none());
    }

    #[test]
    fn the_first_bytes_of_a_record_tell_it_too() {
        let long = noise(20_000);
        for kind in [Kind::Secret, Kind::ConfigMap] {
            for notes in ["", long.as_str()] {
                let release = release(notes);
                let object = stored(kind, &release);
                let data = object["data"]["release"].as_str().unwrap();
                assert!(data.len() > HEADS[0] * 2);
                let payload = Payload::in_json(kind, data);
                let found = from_head(&object["metadata"], payload).unwrap();
                assert_eq!(shown(&found), shown(&release));
            }
        }
        let object = stored(Kind::Secret, &release(""));
        assert!(from_head(&object["metadata"], Payload::bytes(b"no record")).is_none());
    }
}
