//! Tables as Helm prints them: columns as wide as their widest text, within a bound, a tab between.

use unicode_width::UnicodeWidthChar;

/// Lays out rows of equally many cells. No column is wider than `most` (0: as wide as need be);
/// longer texts are cut.
pub(crate) fn layout(rows: &[Vec<String>], most: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widest = cells.flat_map(|c| c.split('\n')).map(width).max();
            let widest = widest.unwrap_or(0);
            if most == 0 { widest } else { widest.min(most) }
        })
        .collect();
    let rows: Vec<String> = rows.iter().map(|row| layout_row(row, &widths)).collect();
    rows.join("\n")
}

/// One row, which has as many lines as the cell with the most of them.
fn layout_row(row: &[String], widths: &[usize]) -> String {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, &width)| fit(cell, width).split('\n').map(str::to_owned).collect())
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let line: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, &width)| match cell.get(at) {
                Some(text) => fit(text, width),
                None => " ".repeat(width.max(1)),
            })
            .collect();
        line.join("\t")
    };
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

/// Pads a text to a width, or cuts it and ends it with dots.
fn fit(text: &str, wanted: usize) -> String {
    let found = width(text);
    if wanted == 0 || found == wanted {
        return text.to_owned();
    }
    if found < wanted {
        return format!("{text}{}", " ".repeat(wanted - found));
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        cut.push(c);
        let next = used + char_width(c);
        // In columns narrower than the dots one character is left.
        if next + 3 >= wanted {
            break;
        }
        used = next;
    }
    cut + "..."
}

/// Colours take no room.
fn width(text: &str) -> usize {
    text.split('\n')
        .flat_map(|line| {
            let mut pieces = line.split('\x1b');
            let plain = pieces.next();
            let behind = pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, rest)| rest));
            plain.into_iter().chain(behind)
        })
        .flat_map(str::chars)
        .map(char_width)
        .sum()
}

/// Characters that control take no room, tabs included; nothing joins its neighbours.
fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: `helm dependency list --max-col-width N`.
    #[test]
    fn long_texts_are_cut() {
        assert_eq!(fit("abcdefghijkl", 10), "abcdefg...");
        assert_eq!(fit("abcdef", 3), "a...");
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit("abc", 0), "abc");
        assert_eq!(fit("\t* a", 5), "\t* a  ");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_text() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let rows = [row("NAME", "VERSION"), row("a", "1"), row("abcdef", "2")];
        assert_eq!(
            layout(&rows, 80),
            "NAME  \tVERSION\na     \t1      \nabcdef\t2      "
        );
    }
}
