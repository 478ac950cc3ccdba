//! Headers of archives as Go's `archive/tar` and `compress/gzip` take them.

use std::io::Write;

use flate2::{Compression, GzBuilder, write::GzEncoder};
use windlass_chart::archive::{self, Error, Limits};
use windlass_chart::compat::Compat;

/// An entry's header: a name, a size in octal, a type, and what else is to be in it.
fn header(name: &[u8], size: usize, kind: u8, more: &[(usize, &[u8])]) -> [u8; 512] {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name);
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = kind;
    for (at, bytes) in more {
        block[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum::<u32>() + 8 * 32;
    seal(&mut block, i64::from(sum));
    block
}

fn seal(block: &mut [u8; 512], sum: i64) {
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn packed(blocks: &[&[u8]]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for data in blocks {
        gzip.write_all(data).unwrap();
        gzip.write_all(&vec![0; data.len().next_multiple_of(512) - data.len()])
            .unwrap();
    }
    gzip.write_all(&[0; 1024]).unwrap();
    gzip.finish().unwrap()
}

fn read(archive: &[u8]) -> Result<Vec<String>, Error> {
    let files = archive::read(archive, &Limits::default(), Compat::Helm4)?;
    Ok(files.into_iter().map(|file| file.name).collect())
}

#[test]
fn a_checksum_may_be_of_signed_bytes() {
    let mut block = header("c/é".as_bytes(), 1, b'0', &[]);
    let signed = |block: &[u8; 512]| {
        let bytes = block.iter().enumerate();
        let outside = bytes.filter(|(i, _)| !(148..156).contains(i));
        outside
            .map(|(_, b)| i64::from(b.cast_signed()))
            .sum::<i64>()
            + 8 * 32
    };
    let sum = signed(&block);
    seal(&mut block, sum);
    assert_eq!(read(&packed(&[&block, b"x"])).unwrap(), ["é"]);
    seal(&mut block, sum + 1);
    assert_eq!(read(&packed(&[&block, b"x"])), Err(Error::TarHeader));
}

#[test]
fn device_numbers_are_read_in_both_formats_that_have_them() {
    for magic in [b"ustar\x0000", b"ustar  \0"] {
        let good = header(b"c/a", 1, b'0', &[(257, magic), (329, b"0000017\0")]);
        assert_eq!(read(&packed(&[&good, b"x"])).unwrap(), ["a"]);
        for field in [329, 337] {
            let bad = header(b"c/a", 1, b'0', &[(257, magic), (field, b"nonsense")]);
            assert_eq!(read(&packed(&[&bad, b"x"])), Err(Error::TarHeader));
        }
    }
    // The oldest format has none.
    let old = header(b"c/a", 1, b'0', &[(329, b"nonsense")]);
    assert_eq!(read(&packed(&[&old, b"x"])).unwrap(), ["a"]);
}

#[test]
fn an_extended_header_is_read_up_to_a_mebibyte() {
    let record = |length: usize| {
        let head = format!("{length} comment=");
        let mut record = head.into_bytes();
        record.resize(length - 1, b'x');
        record.push(b'\n');
        record
    };
    let file = header(b"c/a", 1, b'0', &[]);
    for (length, expected) in [
        (1 << 20, Ok(vec!["a".to_owned()])),
        ((1 << 20) + 1, Err(Error::TarField)),
    ] {
        let data = record(length);
        let extended = header(b"c/pax", length, b'x', &[]);
        assert_eq!(read(&packed(&[&extended, &data, &file, b"x"])), expected);
    }
}

#[test]
fn a_name_in_the_gzip_header_has_at_most_511_bytes() {
    let file = header(b"c/a", 1, b'0', &[]);
    let named = |length: usize| {
        let mut gzip = GzBuilder::new()
            .filename(vec![b'n'; length])
            .write(Vec::new(), Compression::fast());
        gzip.write_all(&file).unwrap();
        gzip.write_all(&[0; 512 * 3]).unwrap();
        gzip.finish().unwrap()
    };
    assert_eq!(read(&named(511)).unwrap(), ["a"]);
    assert_eq!(read(&named(512)), Err(Error::GzipHeader));
    // What is cut within the name is no wrong header, but none at all.
    assert_eq!(read(&named(511)[..100]), Err(Error::Truncated));
}
