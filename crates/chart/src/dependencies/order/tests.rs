#![allow(clippy::unwrap_used)]

use windlass_value::{Heap, Str};

use super::*;
use crate::compat::Compat;
use crate::dependencies;
use crate::load;

/// A chart of files given as path and text, one below the other.
fn chart(heap: &mut Heap, files: &[(&str, &str)]) -> Chart {
    let files = files
        .iter()
        .map(|(name, text)| crate::File::new(*name, Str::from(text.as_bytes().to_vec())))
        .collect();
    load::load(files, heap, Compat::Helm4).unwrap().0
}

fn plain(name: &str) -> String {
    format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
}

/// An umbrella over charts of those names, whose Chart.yaml goes on as given.
fn umbrella(below: &[&str], rest: &str) -> Vec<(String, String)> {
    let mut files = vec![("Chart.yaml".to_owned(), format!("{}{rest}", plain("root")))];
    for name in below {
        files.push((format!("charts/{name}/Chart.yaml"), plain(name)));
    }
    files
}

fn order_of(files: &[(String, String)], disabled: &[&str]) -> Result<Order, OrderError> {
    let mut heap = Heap::new();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let mut chart = chart(&mut heap, &files);
    resolve(&mut chart)?;
    let given = heap.new_map();
    for name in disabled {
        let off = heap.new_map();
        heap.set(off, "enabled", windlass_value::Value::Bool(false));
        heap.set(given, *name, windlass_value::Value::Map(off));
    }
    dependencies::process(&mut heap, &mut chart, given, Compat::Helm4).unwrap();
    Order::of(&chart)
}

fn texts(order: &Order) -> Vec<String> {
    let line = |edge: &Edge| format!("{} <- {}", edge.of.join(" "), edge.needs.join(" "));
    order.edges.iter().map(line).collect()
}

fn told(below: &[&str], rest: &str) -> String {
    order_of(&umbrella(below, rest), &[])
        .unwrap_err()
        .to_string()
}

const DB: &str = "dependencies:\n- {name: db, version: 1.0.0, condition: db.enabled}\n";

#[test]
fn a_chart_waits_for_those_that_it_names() {
    let rest = format!("{DB}- {{name: web, version: 1.0.0, dependsOn: [db]}}\n");
    let files = umbrella(&["db", "web"], &rest);
    let order = order_of(&files, &[]).unwrap();
    assert_eq!(texts(&order), ["root/charts/web/ <- root/charts/db/"]);
    assert!(order_of(&files, &["db"]).unwrap().is_empty());
}

#[test]
fn the_field_of_the_proposal_and_single_names_are_read_too() {
    let rest = format!(
        "{DB}- {{name: web, version: 1.0.0, depends-on: db}}\n- {{name: ui, version: 1.0.0, \
         dependsOn: db, depends-on: [web]}}\n"
    );
    let order = order_of(&umbrella(&["db", "web", "ui"], &rest), &[]).unwrap();
    assert_eq!(
        texts(&order),
        [
            "root/charts/ui/ <- root/charts/db/ root/charts/web/",
            "root/charts/web/ <- root/charts/db/"
        ]
    );
}

#[test]
fn an_alias_is_a_name_and_the_chart_stands_for_all_its_aliases() {
    let rest = "dependencies:\n\
                - {name: db, version: 1.0.0, alias: users}\n\
                - {name: db, version: 1.0.0, alias: posts, dependsOn: [users]}\n\
                - {name: web, version: 1.0.0, dependsOn: [db]}\n";
    let order = order_of(&umbrella(&["db", "web"], rest), &[]).unwrap();
    assert_eq!(
        texts(&order),
        [
            "root/charts/posts/ <- root/charts/users/",
            "root/charts/web/ <- root/charts/posts/ root/charts/users/"
        ]
    );
}

#[test]
fn charts_below_go_with_theirs_wherever_aliases_leave_them() {
    let rest = "dependencies:\n- {name: db, version: 1.0.0, alias: store}\n\
                - {name: web, version: 1.0.0, dependsOn: [store]}\n";
    let mut files = umbrella(&["db", "web"], rest);
    files.push(("charts/db/charts/init/Chart.yaml".into(), plain("init")));
    let order = order_of(&files, &[]).unwrap();
    let needs = &order.edges[0].needs;
    assert!(needs.contains(&"root/charts/store/".to_owned()));
    let strays: Vec<_> = needs.iter().filter(|n| n.contains("init")).collect();
    assert!(strays.is_empty() || strays == ["root/charts/db/charts/init/templates/"]);
}

#[test]
fn a_charts_own_templates_wait_where_it_says_so() {
    let of_field = format!("dependsOn: [db]\n{DB}");
    let of_note = format!("annotations:\n  {ANNOTATION}: '[\"db\"]'\n{DB}");
    for rest in [of_field, of_note] {
        let order = order_of(&umbrella(&["db"], &rest), &[]).unwrap();
        assert_eq!(texts(&order), ["root/templates/ <- root/charts/db/"]);
    }
}

#[test]
fn charts_below_have_orders_of_their_own() {
    let mut files = umbrella(&["app"], "");
    files[1].1 += "dependencies:\n- {name: a, version: 1.0.0}\n\
                   - {name: b, version: 1.0.0, dependsOn: [a]}\n";
    for name in ["a", "b"] {
        files.push((format!("charts/app/charts/{name}/Chart.yaml"), plain(name)));
    }
    let order = order_of(&files, &[]).unwrap();
    assert_eq!(
        texts(&order),
        ["root/charts/app/charts/b/ <- root/charts/app/charts/a/"]
    );
}

#[test]
fn what_cannot_be_kept_is_told() {
    assert_eq!(
        told(
            &["db", "web"],
            &format!("{DB}- {{name: web, version: 1.0.0, dependsOn: [dbb]}}\n")
        ),
        "chart \"root\": dependency \"web\" depends on \"dbb\", which is no dependency of this \
         chart (it has: db, web)"
    );
    assert_eq!(
        told(
            &["web"],
            "dependencies: [{name: web, version: 1.0.0, dependsOn: [web]}]\n"
        ),
        "chart \"root\": dependency \"web\" depends on itself"
    );
    assert_eq!(
        told(
            &["web"],
            "dependencies: [{name: web, version: 1.0.0, dependsOn: {a: b}}]\n"
        ),
        "chart \"root\": dependsOn of dependency \"web\" must be a list of names of dependencies"
    );
    assert_eq!(
        told(
            &["a", "b", "c"],
            "dependencies:\n- {name: a, version: 1.0.0, dependsOn: [b]}\n\
             - {name: b, version: 1.0.0, dependsOn: [c]}\n\
             - {name: c, version: 1.0.0, dependsOn: [b]}\n"
        ),
        "chart \"root\": dependencies depend on each other: b -> c -> b"
    );
}

#[test]
fn a_circle_through_what_is_disabled_is_none() {
    let rest = "dependencies:\n\
                - {name: db, version: 1.0.0, condition: db.enabled, dependsOn: [web]}\n\
                - {name: web, version: 1.0.0, dependsOn: [db]}\n";
    let files = umbrella(&["db", "web"], rest);
    assert!(order_of(&files, &[]).is_err());
    assert!(order_of(&files, &["db"]).unwrap().is_empty());
}
