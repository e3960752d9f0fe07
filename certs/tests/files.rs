//! Identities in files: what is read, what is refused, what a reload changes.
#![allow(clippy::unwrap_used)] // a test may

mod common;

use std::fs;
use std::path::Path;

use common::{CA, Server, call, save, save_roots, ven, vtn};
use oadr_certs::dev::{Ca, KeyKind, Role};
use oadr_certs::tls::{self, ClientFiles, ClientOptions, ClientSettings, NameCheck};
use oadr_certs::tls::{CallerFiles, Reloadable, ServerFiles};
use oadr_certs::{Error, Fingerprint, Identity, Roots, files};

#[test]
fn a_reload_changes_the_certificate_served_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (roots, crls) = (dir.path().join("roots.pem"), dir.path().join("crl.pem"));
    save_roots(&CA.roots(), &roots);
    let list = |revoked: &[_]| -> String {
        let crls = CA.crls(revoked, common::wide()).unwrap();
        crls.iter().map(|crl| files::pem("X509 CRL", crl)).collect()
    };
    fs::write(&crls, list(&[])).unwrap();
    let old = vtn(KeyKind::Ecc);
    let saved = save(&old, dir.path(), "vtn");
    let source = ServerFiles {
        identities: vec![(saved.leaf.clone(), saved.key.clone())],
        roots: vec![roots],
        crls: vec![crls.clone()],
        ..ServerFiles::default()
    };
    let settings = std::sync::Arc::new(Reloadable::load(source).unwrap());
    let asked = settings.clone();
    let server = Server::start_with(move || asked.current());
    let own = ven(KeyKind::Ecc);
    let client = tls::client_config(ClientSettings::new(own.clone(), CA.roots())).unwrap();
    let served = || call(server.addr, &client, "localhost");
    assert_eq!(served().unwrap().leaf, old.leaf().to_vec());
    assert!(!settings.reload_if_changed().unwrap());

    let new = vtn(KeyKind::Rsa);
    save(&new, dir.path(), "vtn");
    assert!(settings.reload_if_changed().unwrap());
    let answer = served().unwrap();
    assert_eq!(answer.leaf, new.leaf().to_vec());
    assert!(answer.text.contains(" Full "), "nothing from before is resumed: {}", answer.text);

    fs::write(&saved.leaf, "-----BEGIN CERTIFICATE-----\nhalf").unwrap();
    let refused = settings.reload_if_changed().unwrap_err().to_string();
    assert!(refused.contains("vtn.pem"), "{refused}");
    assert!(settings.reload_if_changed().is_err(), "a failure is tried again");
    assert_eq!(served().unwrap().leaf, new.leaf().to_vec(), "the old one stays in force");

    save(&new, dir.path(), "vtn");
    fs::write(&crls, list(&[own.leaf().clone()])).unwrap();
    settings.reload().unwrap();
    let refused = served().unwrap_err();
    assert!(refused.contains("Revoked"), "not even by resumption: {refused}");
}

#[test]
fn a_client_reloads_its_own_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let roots = dir.path().join("roots.pem");
    save_roots(&CA.roots(), &roots);
    let saved = save(&ven(KeyKind::Ecc), dir.path(), "ven");
    let settings = Reloadable::load(ClientFiles {
        identity: (saved.leaf, saved.key),
        roots: vec![roots],
        crls: Vec::new(),
        server_pin: None,
        names: NameCheck::Strict,
        options: ClientOptions::default(),
    })
    .unwrap();
    let server = Server::start(tls::server_config(common::vtn_settings()).unwrap());
    call(server.addr, &settings.current(), "localhost").unwrap();
    let renewed = ven(KeyKind::Rsa);
    save(&renewed, dir.path(), "ven");
    settings.reload().unwrap();
    let answer = call(server.addr, &settings.current(), "localhost").unwrap();
    let print = renewed.thumbprint().fingerprint().to_string();
    assert!(answer.text.contains(&print), "{}", answer.text);
}

#[test]
fn who_calls_many_knows_each_by_its_own_certificates() {
    let dir = tempfile::tempdir().unwrap();
    let roots = dir.path().join("roots.pem");
    save_roots(&CA.roots(), &roots);
    let saved = save(&vtn(KeyKind::Ecc), dir.path(), "vtn");
    let source = ServerFiles {
        identities: vec![(saved.leaf, saved.key)],
        roots: vec![roots],
        ..ServerFiles::default()
    };
    let settings = Reloadable::load(CallerFiles(source)).unwrap();
    let (own, other) = (ven(KeyKind::Ecc), ven(KeyKind::Rsa));
    let identities = vec![own.clone()];
    let server = Server::start(
        tls::server_config(tls::ServerSettings { identities, ..common::vtn_settings() }).unwrap(),
    );
    let to = |pins: &[tls::Pin]| settings.current().to(pins);
    let both = to(&[other.thumbprint().into(), own.thumbprint().into()]);
    for _ in 0..2 {
        let answer = call(server.addr, &both, "anywhere.example").unwrap();
        assert_eq!(answer.leaf, own.leaf().to_vec());
        assert!(answer.text.contains(" Full "), "nothing is resumed: {}", answer.text);
    }
    for wrong in [&[other.thumbprint().into()][..], &[]] {
        let refused = call(server.addr, &to(wrong), "anywhere.example").unwrap_err();
        assert!(refused.contains("PinDiffers"), "{refused}");
    }
}

#[test]
fn errors_name_the_file_and_the_mend() {
    let dir = tempfile::tempdir().unwrap();
    let one = save(&ven(KeyKind::Ecc), dir.path(), "one");
    let two = save(&ven(KeyKind::Ecc), dir.path(), "two");
    let told =
        |cert: &Path, key: &Path| Identity::from_pem_files(cert, key).unwrap_err().to_string();
    let mixed = told(&one.leaf, &two.key);
    assert!(mixed.contains("two.key") && mixed.contains("one.pem"), "{mixed}");
    assert!(mixed.contains("do not belong together"), "{mixed}");
    let swapped = told(&one.key, &one.leaf);
    assert!(swapped.contains("one.key: holds no certificate"), "{swapped}");
    let keyless = told(&one.leaf, &one.leaf);
    assert!(keyless.contains("one.pem: holds no private key"), "{keyless}");
    let absent = told(&dir.path().join("absent.pem"), &one.key);
    assert!(absent.contains("absent.pem"), "{absent}");
    let locked = dir.path().join("locked.key");
    fs::write(
        &locked,
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    )
    .unwrap();
    assert!(told(&one.leaf, &locked).contains("decrypt it first"));
    assert!(matches!(Roots::from_pem_files(&[]), Err(Error::NoRoots)));
    assert!(Identity::from_pem_files(&one.leaf, &one.key).is_ok());
}

#[test]
fn der_is_read_as_well_as_pem() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ven.der");
    let identity = ven(KeyKind::Ecc);
    fs::write(&path, identity.leaf()).unwrap();
    let read = files::certificates(&path).unwrap();
    assert_eq!(Fingerprint::of_der(&read[0]), identity.thumbprint().fingerprint());
    let list = dir.path().join("list.crl");
    fs::write(&list, &CA.crls(&[], common::wide()).unwrap()[0]).unwrap();
    assert_eq!(files::crls(&list).unwrap().len(), 1);
    fs::write(&path, [&identity.leaf()[..], b"x"].concat()).unwrap();
    assert!(files::certificates(&path).is_err(), "bytes after the end are refused");
}

#[test]
fn a_saved_authority_issues_after_it_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    CA.save(dir.path(), false).unwrap();
    assert!(matches!(CA.save(dir.path(), false), Err(Error::Exists(_))));
    CA.save(dir.path(), true).unwrap();
    let loaded = Ca::load(dir.path()).unwrap();
    assert_eq!(loaded.validity(), common::wide());
    assert_eq!(loaded.roots().ders(), CA.roots().ders());
    let server = Server::start(tls::server_config(common::vtn_settings()).unwrap());
    for kind in [KeyKind::Ecc, KeyKind::Rsa] {
        let own = loaded.issue(Role::Ven, "later", kind, &[]).unwrap();
        let client = tls::client_config(ClientSettings::new(own.clone(), loaded.roots())).unwrap();
        call(server.addr, &client, "localhost").unwrap();
        let from_text = Identity::from_pem(
            &files::pem("CERTIFICATE", own.leaf()),
            &fs::read_to_string(save(&own, dir.path(), "later").key).unwrap(),
        );
        assert_eq!(from_text.unwrap().thumbprint(), own.thumbprint());
        let crls = loaded.crls(&[own.leaf().clone()], common::wide()).unwrap();
        let settings = tls::ServerSettings { crls, ..common::vtn_settings() };
        let server = Server::start(tls::server_config(settings).unwrap());
        assert!(call(server.addr, &client, "localhost").is_err());
    }
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_only_and_nothing_is_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("some.key");
    let how = |secret, force| files::Writing { secret, force };
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    files::write(&path, b"first", how(true, false)).unwrap();
    assert_eq!(mode(), 0o600);
    assert!(matches!(files::write(&path, b"second", how(true, false)), Err(Error::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), b"first");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    files::write(&path, b"third", how(true, true)).unwrap();
    assert_eq!((mode(), fs::read(&path).unwrap().as_slice()), (0o600, b"third".as_slice()));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    let one = save(&ven(KeyKind::Rsa), dir.path(), "one");
    let before = fs::read(&one.key).unwrap();
    fs::remove_file(&one.leaf).unwrap();
    let refused = ven(KeyKind::Rsa).save(&one.leaf, &one.key, false);
    assert!(matches!(refused, Err(Error::Exists(_))));
    assert!(!one.leaf.exists() && fs::read(&one.key).unwrap() == before, "neither is written");
    CA.save(dir.path(), false).unwrap();
    for entry in fs::read_dir(dir.path()).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|end| end == "key") {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
