//! A directory as a tar archive: what the engine builds an image of.
//!
//! All of it is sent; what `.dockerignore` names is sent too. Invariant: entries come in order of their names, and
//! nothing but their content and whether they can be executed is told of them.
//!
//! Source: POSIX.1-2017, `pax`, "ustar Interchange Format"; GNU tar for names that are longer.

use std::fs;
use std::io;
use std::path::Path;

const BLOCK: usize = 512;

/// The archive of `folder`.
///
/// # Errors
/// Something in it cannot be read.
pub fn of(folder: &Path) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    add(folder, "", &mut out)?;
    out.resize(out.len() + 2 * BLOCK, 0);
    Ok(out)
}

fn add(folder: &Path, prefix: &str, out: &mut Vec<u8>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            write(&format!("{name}/"), b'5', 0o755, "", &[], out);
            add(&path, &format!("{name}/"), out)?;
        } else if kind.is_symlink() {
            let to = fs::read_link(&path)?;
            write(&name, b'2', 0o777, &to.to_string_lossy(), &[], out);
        } else if kind.is_file() {
            let mode = if is_executable(&entry.metadata()?) { 0o755 } else { 0o644 };
            write(&name, b'0', mode, "", &fs::read(&path)?, out);
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

/// Where files do not say it, every one may be a script.
#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    true
}

fn write(name: &str, kind: u8, mode: u32, link: &str, content: &[u8], out: &mut Vec<u8>) {
    for (long, kind) in [(name, b'L'), (link, b'K')] {
        if long.len() > 100 {
            header("././@LongLink", kind, 0o644, "", long.len() + 1, out);
            pad(&[long.as_bytes(), &[0]].concat(), out);
        }
    }
    header(name, kind, mode, link, content.len(), out);
    pad(content, out);
}

fn header(name: &str, kind: u8, mode: u32, link: &str, size: usize, out: &mut Vec<u8>) {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, most: usize, bytes: &[u8]| {
        let bytes = &bytes[..bytes.len().min(most)];
        block[at..at + bytes.len()].copy_from_slice(bytes);
    };
    put(0, 100, name.as_bytes());
    put(100, 8, format!("{mode:07o}\0").as_bytes());
    put(108, 8, b"0000000\0");
    put(116, 8, b"0000000\0");
    put(124, 12, format!("{size:011o}\0").as_bytes());
    put(136, 12, b"00000000000\0");
    put(148, 8, b"        ");
    put(156, 1, &[kind]);
    put(157, 100, link.as_bytes());
    put(257, 8, b"ustar  \0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend_from_slice(&block);
}

fn pad(content: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tar_reads_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(120);
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM postgres:15\n").unwrap();
        fs::write(folder.path().join("sub").join(&long), "deep").unwrap();
        let archive = of(folder.path()).unwrap();
        assert_eq!(archive.len() % BLOCK, 0);
        let (file, into) = (folder.path().join("a.tar"), tempfile::tempdir().unwrap());
        fs::write(&file, archive).unwrap();
        let done =
            std::process::Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(into.path()).status();
        // Where there is no tar, there is nothing to ask.
        let Ok(done) = done else { return };
        assert!(done.success());
        assert_eq!(fs::read_to_string(into.path().join("Dockerfile")).unwrap(), "FROM postgres:15\n");
        assert_eq!(fs::read_to_string(into.path().join("sub").join(&long)).unwrap(), "deep");
    }
}
