//! Columns as `kubectl get` aligns them, by the rules of its tab writer.

/// No column is narrower.
const MIN_WIDTH: usize = 6;
/// Blanks between columns.
const PADDING: usize = 3;

/// Aligns the cells of lines; the last of a line ends it.
pub(super) fn align(lines: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        for (i, cell) in line.iter().rev().skip(1).rev().enumerate() {
            let width = MIN_WIDTH.max(cell.chars().count() + PADDING);
            match widths.get_mut(i) {
                Some(there) => *there = width.max(*there),
                None => widths.push(width),
            }
        }
    }
    let mut out = String::new();
    for line in lines {
        for (i, cell) in line.iter().enumerate() {
            out.push_str(cell);
            if i + 1 < line.len() {
                let width = widths.get(i).copied().unwrap_or_default();
                let blanks = width.saturating_sub(cell.chars().count());
                out.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_a_gap() {
        let lines = [
            ["NAME", "READY", "AGE"],
            ["a", "1/1", "9s"],
            ["long-name", "", "1d"],
        ];
        let lines: Vec<Vec<String>> = lines.map(|l| l.map(str::to_owned).to_vec()).to_vec();
        assert_eq!(
            align(&lines),
            "NAME        READY   AGE\na           1/1     9s\nlong-name           1d\n"
        );
    }
}
