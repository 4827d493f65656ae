//! What comes in, and what goes out.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use replication_playground::error::{Code, Error};
use replication_playground::limits;
use replication_playground::time;

/// What a subcommand comes to; an error is told on standard error, with exit status 2.
pub type Done<T> = Result<T, Box<dyn std::error::Error>>;

/// Reads a text. It stops right behind the greatest size that a text may have.
pub fn read(file: &Path) -> Done<String> {
    let (name, bytes) = if file.as_os_str() == "-" {
        ("standard input".to_owned(), first_bytes(io::stdin()))
    } else {
        (file.display().to_string(), File::open(file).and_then(first_bytes))
    };
    let bytes = bytes.map_err(|why| format!("{name}: {why}"))?;
    let most = limits::TEXT_BYTES_MAX;
    if bytes.len() > most {
        let message = format!("{name}: The text has more than {most} bytes; a run text has at most {most}");
        return Err(Error::new(Code::Limit, message).into());
    }
    String::from_utf8(bytes).map_err(|wrong| {
        let at = wrong.utf8_error().valid_up_to() + 1;
        Error::new(Code::Encoding, format!("{name}: The file is not text: byte {at} is no UTF-8")).into()
    })
}

fn first_bytes(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits::TEXT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes to standard output.
pub fn print(text: &str) -> io::Result<()> {
    // A reader that has heard enough (head) is no error.
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// A time in seconds.
pub fn clock(at: time::Us) -> String {
    format!("{}.{:06} s", at / time::SECOND, at % time::SECOND)
}
