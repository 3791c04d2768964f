//! The names of plan documents: `atlas-plan:/<folder>/<config>/<env>`.
//!
//! The folder by its name, the configuration as seen from it, the env last; each segment percent-encoded. Invariant:
//! reading what was written gives the same configuration and env.

use gen_lsp_types::Uri;
use project::Path;
use smol_str::SmolStr;

use super::convert;
use super::workspace::Folder;

/// The scheme of plan documents.
pub(crate) const SCHEME: &str = "atlas-plan";

/// The document of an env's plan.
pub(crate) fn write(folders: &[Folder], config: &Path, env: &str) -> Option<Uri> {
    named(SCHEME, folders, config, env)
}

/// A document of `scheme` about a file, with a last segment of its own.
pub(crate) fn named(scheme: &str, folders: &[Folder], config: &Path, env: &str) -> Option<Uri> {
    let around = folders.iter().filter(|folder| config.is_in(&folder.path));
    let (name, below) = match around.max_by_key(|folder| folder.path.as_str().len()) {
        Some(folder) => (folder.name.as_str(), config.below(&folder.path)?),
        // A configuration outside of every folder is named by its whole path.
        None => ("~", config.as_str().trim_start_matches('/')),
    };
    let config: Vec<String> = below.split('/').map(convert::encode_segment).collect();
    let (name, env) = (convert::encode_segment(name), convert::encode_segment(env));
    Uri::parse(&format!("{scheme}:/{name}/{}/{env}", config.join("/"))).ok()
}

/// The configuration and env of a plan document.
pub(crate) fn read(folders: &[Folder], uri: &Uri) -> Option<(Path, SmolStr)> {
    parts(SCHEME, folders, uri)
}

/// The file and the last segment of a document of `scheme`.
pub(crate) fn parts(scheme: &str, folders: &[Folder], uri: &Uri) -> Option<(Path, SmolStr)> {
    if uri.scheme() != scheme {
        return None;
    }
    let decoded: Option<Vec<String>> = uri.path().split('/').map(convert::decode).collect();
    let decoded = decoded?;
    let [empty, name, config @ .., env] = decoded.as_slice() else { return None };
    if !empty.is_empty() || config.is_empty() || env.is_empty() {
        return None;
    }
    let config = config.join("/");
    let path = match folders.iter().find(|folder| folder.name == *name) {
        Some(folder) => folder.path.join(&config),
        None if name == "~" && config.as_bytes().get(1) == Some(&b':') => Path::new(&config),
        None if name == "~" => Path::new(&format!("/{config}")),
        None => return None,
    };
    Some((path, SmolStr::from(env.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str, name: &str) -> Folder {
        let uri = Uri::parse(&format!("file://{path}")).expect("a URI");
        Folder { uri, path: Path::new(path), name: name.into() }
    }

    #[test]
    fn what_is_written_is_read() {
        let folders =
            [folder("/w/shop", "shop"), folder("/w/shop/inner", "inner"), folder("/x/shop", "shop~2")];
        for (config, env, uri) in [
            ("/w/shop/atlas.hcl", "local", "atlas-plan:/shop/atlas.hcl/local"),
            ("/w/shop/db/my atlas.hcl", "a/b?", "atlas-plan:/shop/db/my%20atlas.hcl/a%2Fb%3F"),
            ("/w/shop/inner/atlas.hcl", "ü", "atlas-plan:/inner/atlas.hcl/%C3%BC"),
            ("/x/shop/atlas.hcl", "dev", "atlas-plan:/shop~2/atlas.hcl/dev"),
            ("/etc/atlas.hcl", "dev", "atlas-plan:/~/etc/atlas.hcl/dev"),
            ("C:/etc/atlas.hcl", "dev", "atlas-plan:/~/C%3A/etc/atlas.hcl/dev"),
        ] {
            let config = Path::new(config);
            let written = write(&folders, &config, env).expect(uri);
            assert_eq!(written.as_str(), uri);
            assert_eq!(read(&folders, &written), Some((config, SmolStr::from(env))), "{uri}");
        }
    }

    #[test]
    fn other_documents_are_no_plans() {
        let folders = [folder("/w/shop", "shop")];
        for uri in [
            "file:///w/shop/atlas.hcl",
            "atlas-plan:/shop/dev",
            "atlas-plan:/none/atlas.hcl/dev",
            "atlas-plan:x",
        ] {
            assert_eq!(read(&folders, &Uri::parse(uri).expect(uri)), None, "{uri}");
        }
    }
}
