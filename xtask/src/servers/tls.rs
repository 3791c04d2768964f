//! A certificate for servers that call themselves `localhost`, and the authority that signed it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::sh;

/// Files in PEM form.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub authority: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Makes one for a few days.
///
/// # Errors
/// openssl is missing or failed.
pub fn make(folder: &Path) -> Result<Certificate> {
    fs::create_dir_all(folder)?;
    let file = |name: &str| folder.join(name);
    let extensions = file("extensions");
    fs::write(&extensions, "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")?;
    let openssl = |arguments: &[&str]| {
        let mut command = sh::command("openssl", arguments);
        command.current_dir(folder);
        sh::output(&mut command)
    };
    let ca = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3 -subj /CN=tests -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.pem";
    let request = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr";
    let sign = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile extensions -out server.pem";
    for line in [ca, request, sign] {
        openssl(&line.split(' ').collect::<Vec<_>>())?;
    }
    Ok(Certificate { authority: file("ca.pem"), certificate: file("server.pem"), key: file("server.key") })
}
