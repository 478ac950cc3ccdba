//! How a [`Diagnostic`] looks on a terminal: place, excerpt and caret, the path that led there, facts,
//! remedies. It follows Helm's own line, and only where somebody reads along.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use windlass_diag::{Diagnostic, Label, Severity};

/// Draws a diagnostic, with a newline at its end.
pub(crate) fn draw(diagnostic: &Diagnostic, color: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Info => Level::INFO,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level
        .primary_title(safe(&diagnostic.message))
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    let mut labels = diagnostic.labels.iter();
    if let Some(primary) = labels.next() {
        group = group.elements(place(primary, AnnotationKind::Primary));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(safe(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(safe(help)));
    }
    let path = labels.map(|label| {
        let title = Level::NOTE.secondary_title(safe(&label.message));
        Group::with_title(title).elements(place(label, AnnotationKind::Context))
    });
    let groups: Vec<Group<'_>> = std::iter::once(group).chain(path).collect();
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    format!("{}\n", renderer.render(&groups))
}

/// A place: its name with line and column, and the line itself if it is at hand.
fn place(label: &Label, kind: AnnotationKind) -> Vec<Element<'_>> {
    let span = &label.span;
    let name = safe(&span.source);
    let line = span.line as usize;
    let Some(excerpt) = &label.excerpt else {
        return vec![Origin::path(name).into()];
    };
    let mut annotation = kind.span(excerpt.range.clone());
    if kind == AnnotationKind::Primary && !label.message.is_empty() {
        annotation = annotation.label(safe(&label.message));
    }
    let snippet = Snippet::source(excerpt.line.as_str())
        .line_start(line)
        .annotation(annotation);
    if !excerpt.clipped {
        return vec![snippet.path(name).into()];
    }
    // The renderer would count the column in what is left of the line.
    let origin = Origin::path(name)
        .line(line)
        .char_column(span.column as usize);
    vec![origin.into(), snippet.into()]
}

/// A text without anything that a terminal would obey: names and messages are the chart's.
pub(crate) fn safe(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '\n',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_path_facts_and_remedies_follow_each_other() {
        let text = b"kind: A\nname: {{ .Values.a.b }}\n";
        let caller = b"{{ include \"x\" . }}";
        let found = Diagnostic::error("nil-pointer", "`b` is looked up in nothing")
            .label_in("c/templates/_x.tpl", text, 17..28, "")
            .label_in("c/templates/a.yaml", caller, 3..14, "called from here")
            .note("`.Values.a` is not set")
            .help("set it");
        let drawn = draw(&found, false);
        let wanted = "\
error[nil-pointer]: `b` is looked up in nothing
 --> c/templates/_x.tpl:2:10
  |
2 | name: {{ .Values.a.b }}
  |          ^^^^^^^^^^^
  |
  = note: `.Values.a` is not set
  = help: set it
note: called from here
 --> c/templates/a.yaml:1:4
  |
1 | {{ include \"x\" . }}
  |    -----------
";
        assert_eq!(drawn, wanted);
    }

    #[test]
    fn a_chart_cannot_write_to_the_terminal() {
        let found = Diagnostic::error("refused-by-chart", "a\x1b]0;b\x07").label_in(
            "c/\x1b[2J",
            b"x\x1b[2J",
            0..1,
            "",
        );
        assert!(!draw(&found, false).contains('\x1b'));
    }
}
