//! Who gets in, and how far.

use super::*;
use crate::operator::routes::ROUTES;

#[tokio::test]
async fn every_role_gets_exactly_as_far_as_the_table_says() {
    let house = House::open(Trust::Operators).await;
    for role in Role::ALL {
        let client = house.client(&role.to_string());
        for route in ROUTES.iter().filter(|route| route.path.starts_with("/api/v1/")) {
            let path = route.path.trim_start_matches("/api/v1/");
            let segments: Vec<&str> = path
                .split('/')
                .map(|part| if part.starts_with('{') { "nobody" } else { part })
                .collect();
            let method = route.method.to_uppercase().parse().unwrap();
            // A body that fits nothing: whoever may is told what is wrong with it.
            let call = Call::new(method, &segments).body(json!({ "?": 1 }));
            let told = match client.json(call).await {
                Err(CallError::Refused(problem)) => Some(problem.code),
                Ok(_) => None,
                Err(other) => panic!("{other}"),
            };
            let stopped = told.as_deref() == Some("role");
            assert_eq!(
                stopped,
                role < route.least,
                "{role} {} {}: {told:?}",
                route.method,
                route.path
            );
            assert_ne!(told.as_deref(), Some("internal"), "{role} {}", route.path);
        }
    }
}

#[tokio::test]
async fn a_ven_s_certificate_gets_no_further_than_the_door() {
    let status = || Call::new(Method::GET, &["status"]);
    // Its authority is not trusted here: no handshake.
    let house = House::open(Trust::Operators).await;
    save(&house.ca.issue(For::Ven, "ven-1", KeyKind::Ecc, &[]).unwrap(), house.dir.path(), "ven-1");
    let error = house.call("ven-1", status()).await.err().unwrap();
    assert!(matches!(error, CallError::Unreachable(_)), "{error:?}");
    // Its authority is trusted, but the list decides: 403, whatever is asked for.
    let house = House::open(Trust::All).await;
    save(&house.ca.issue(For::Ven, "ven-1", KeyKind::Ecc, &[]).unwrap(), house.dir.path(), "ven-1");
    for call in [status(), Call::new(Method::GET, &["nothing"]), Call::new(Method::POST, &["vens"])]
    {
        let problem = refusal(house.call("ven-1", call).await);
        assert_eq!((problem.status, problem.code.as_str()), (403, "not_an_operator"));
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_through_an_operator_s_browser() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let bar = || Call::new(Method::POST, &["vens", "a", "bar"]);
    let forms = [
        bar().header("content-type", None),
        bar().header("content-type", Some("application/x-www-form-urlencoded")),
        bar().header("content-type", Some("text/plain")),
        Call::new(Method::DELETE, &["vens", "a"]).header("content-type", None),
    ];
    for form in forms {
        let problem = house.refused(form).await;
        assert_eq!((problem.status, problem.code.as_str()), (415, "media_type"));
    }
    for site in ["cross-site", "same-site"] {
        let problem = house.refused(bar().header("sec-fetch-site", Some(site))).await;
        assert_eq!((problem.status, problem.code.as_str()), (403, "cross_site"));
    }
    let show = || Call::new(Method::GET, &["vens", "a"]);
    assert_eq!(house.admin(show()).await["standing"], "enrolled");
    house.admin(bar().header("sec-fetch-site", Some("same-origin"))).await;
    assert_eq!(house.admin(show()).await["standing"], "barred");
    house.admin(show().header("content-type", None)).await;
}

#[tokio::test]
async fn an_operator_of_the_same_name_with_another_certificate_is_refused() {
    let house = House::open(Trust::Operators).await;
    let other = house.ca.issue(For::Operator, "administrator", KeyKind::Ecc, &[]).unwrap();
    save(&other, house.dir.path(), "impostor");
    let problem = refusal(house.call("impostor", Call::new(Method::GET, &["status"])).await);
    assert_eq!(problem.code, "not_an_operator");
}

#[tokio::test]
async fn what_is_in_flight_is_finished_before_the_end() {
    let house = House::open(Trust::Operators).await;
    let made = house.client("operator");
    let made = tokio::spawn(async move {
        made.json(Call::new(Method::POST, &["events"]).body(draft("late"))).await
    });
    // Whether it came in time or not: an answer is given to what is done, and nothing hangs.
    let stopped =
        tokio::time::timeout(std::time::Duration::from_secs(9), house.running.stop()).await;
    assert_eq!(stopped.expect("it ends").unwrap(), 0);
    match made.await.unwrap() {
        Ok(event) => assert_eq!(event["id"], "late"),
        Err(CallError::Unreachable(_)) => {}
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_authority_taken_from_its_file_is_trusted_no_longer() {
    let house = House::open(Trust::Operators).await;
    let status = || Call::new(Method::GET, &["status"]);
    house.admin(status()).await;
    // Another length than before: the test does not lean on the file system's clock.
    let roots = house.ca.anchors(For::Ven);
    let text: String = roots.ders().iter().map(|der| pem("CERTIFICATE", der)).collect();
    let text = format!("# nobody's any more\n{text}");
    let path = house.dir.path().join("operators.pem");
    write(&path, text.as_bytes(), Writing { secret: false, force: true }).unwrap();
    for _ in 0..100 {
        match house.call("administrator", status()).await {
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            Err(error) => return assert!(matches!(error, CallError::Unreachable(_)), "{error}"),
        }
    }
    panic!("still trusted");
}
