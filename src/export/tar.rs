//! Files as one: an archive of tar (POSIX ustar).

use std::io::Write;

const BLOCK: usize = 512;

/// An archive of a folder with these files. The same files give the same bytes.
pub fn tar(folder: &str, files: &[(&str, String)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, text) in files {
        archive.extend(head(&format!("{folder}/{name}"), text.len()));
        archive.extend(text.as_bytes());
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    archive.resize(archive.len() + 2 * BLOCK, 0);
    archive
}

/// What stands before a file. Its sum is counted with blanks in its own place.
fn head(name: &str, size: usize) -> Vec<u8> {
    let mut head = Vec::with_capacity(BLOCK);
    let mut field = |text: &str, width: usize| {
        let _ = write!(head, "{text:\0<width$.width$}");
    };
    field(name, 100);
    field("0000644", 8);
    field("0000000", 8);
    field("0000000", 8);
    field(&format!("{size:011o}"), 12);
    field("00000000000", 12);
    field("        ", 8);
    field("0", 1);
    field("", 100);
    field("ustar\x0000", 8);
    head.resize(BLOCK, 0);
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head.splice(148..155, format!("{sum:06o}\0").into_bytes());
    head
}
