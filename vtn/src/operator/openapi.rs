//! `/api/openapi.json`: the description of the API (OpenAPI 3.1), made from the table of routes and
//! the schemas in `schemas.json`.

use axum::Json;
use serde_json::{Map, Value, json};

use super::header::Header;
use super::problem::{CODES, Problem};
use super::routes::{Gives, ROUTES, Route, Takes};

/// The description.
///
/// # Errors
/// None in a program whose tests passed: the schemas are a part of it.
pub(super) async fn describe() -> Result<Json<Value>, Problem> {
    description().map(Json).map_err(|error| Problem::new("internal", error.to_string()))
}

fn description() -> Result<Value, serde_json::Error> {
    let schemas: Value = serde_json::from_str(SCHEMAS)?;
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Operator's API of a VTN",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "JSON over mutual TLS. A caller is known by its certificate, which \
                stands on the VTN's list of operators with a role: viewer, operator or \
                administrator; each may all that the one before may. Unknown fields are errors. \
                Times are RFC 3339 in UTC, spans ISO 8601, quantities decimal numbers in text.",
        },
        "security": [{ "mutualTLS": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "mutualTLS": { "type": "mutualTLS" } },
            "responses": { "Problem": {
                "description": problems(),
                "content": { "application/json": { "schema": reference("Problem") } },
            } },
        },
    }))
}

fn operation(route: &Route) -> Value {
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let mut parameters: Vec<Value> = names.map(in_path).collect();
    if let Takes::Query(fields) = route.takes {
        parameters.extend(
            fields
                .iter()
                .map(|name| json!({ "name": name, "in": "query", "schema": query_schema(name) })),
        );
    }
    parameters.extend(route.heeds.iter().map(
        |header| json!({ "name": header.name, "in": "header", "description": header.summary, "schema": header_schema(header) }),
    ));
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "x-least-role": route.least,
        "parameters": parameters,
        "responses": {
            "200": { "description": "done", "content": content(&route.gives), "headers": headers(route.tells) },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if let Takes::Body(schema) | Takes::Optional(schema) = route.takes {
        let required = matches!(route.takes, Takes::Body(_));
        let content = json!({ "application/json": { "schema": reference(schema) } });
        operation["requestBody"] = json!({ "required": required, "content": content });
    }
    operation
}

fn content(gives: &Gives) -> Value {
    let page = |of: &str| {
        json!({ "schema": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": { "type": "array", "items": reference(of) },
                "next": {
                    "type": ["string", "null"],
                    "description": "what to ask after for the next page; null: this is the last",
                },
            },
        } })
    };
    match gives {
        Gives::One(schema) => json!({ "application/json": { "schema": reference(schema) } }),
        Gives::Page(schema) => json!({ "application/json": page(schema) }),
        Gives::PageOrCsv(schema) => json!({
            "application/json": page(schema),
            "text/csv": { "schema": { "type": "string" } },
        }),
        Gives::Atom => json!({ "application/atom+xml": { "schema": { "type": "string" } } }),
        Gives::Text => json!({ "text/plain": { "schema": { "type": "string" } } }),
        Gives::Any => json!({ "application/json": { "schema": { "type": "object" } } }),
    }
}

fn headers(told: &[Header]) -> Map<String, Value> {
    let each = |header: &Header| {
        let told = json!({ "description": header.summary, "required": true, "schema": header_schema(header) });
        (header.name.to_owned(), told)
    };
    told.iter().map(each).collect()
}

fn header_schema(header: &Header) -> Value {
    json!({ "type": "string", "pattern": header.pattern })
}

fn query_schema(name: &str) -> Value {
    match name {
        "limit" => json!({ "type": "integer", "minimum": 1, "maximum": super::page::MOST }),
        "within" => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "from" | "to" | "at" | "since" | "until" => {
            json!({ "type": "string", "format": "date-time" })
        }
        "events" => json!({ "enum": ["cancel", "leave"] }),
        "one_more" | "embedded" => json!({ "type": "boolean" }),
        _ => json!({ "type": "string" }),
    }
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn problems() -> String {
    let each = CODES.iter().map(|(code, status, what)| format!("{code} ({status}): {what}"));
    each.collect::<Vec<_>>().join("; ")
}

const SCHEMAS: &str = include_str!("schemas.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::control::{Approval, Import, Movement, Occasion, Preview, ReportWanted};
    use crate::record::{
        BaselineDraft, Enrolment, EventDraft, EventSeriesDraft, GroupDraft, HolidaysDraft,
        IntervalDraft, ProgrammeDraft, SignalDraft, Targets, TemplateDraft,
    };

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let description = description().unwrap();
        let described: BTreeSet<(String, String)> = description["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().keys().map(|method| (path.clone(), method.clone()))
            })
            .collect();
        let routes: BTreeSet<_> =
            ROUTES.iter().map(|r| (r.path.to_owned(), r.method.to_owned())).collect();
        assert_eq!(described, routes);
        assert_eq!(routes.len(), ROUTES.len(), "a row stands twice");
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_schema_is_used() {
        let description = description().unwrap();
        let text = description.to_string();
        let schemas = description["components"]["schemas"].as_object().unwrap();
        for (at, _) in text.match_indices("#/components/schemas/") {
            let name = text[at..].trim_start_matches("#/components/schemas/");
            let name = &name[..name.find('"').unwrap()];
            assert!(schemas.contains_key(name), "{name} is not there");
        }
        for name in schemas.keys() {
            assert!(text.contains(&format!("#/components/schemas/{name}\"")), "{name} is unused");
        }
    }

    /// The fields that a type takes, as its own refusal of an unknown one lists them.
    fn fields<T: DeserializeOwned>() -> BTreeSet<String> {
        let told = match serde_json::from_str::<T>(r#"{"no such field":1}"#) {
            Ok(_) => panic!("an unknown field is taken"),
            Err(error) => error.to_string(),
        };
        let (_, list) = told.split_once("expected").unwrap_or_else(|| panic!("{told}"));
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn a_request_takes_exactly_the_fields_that_its_schema_names() {
        let description = description().unwrap();
        let hold = |name: &str, fields: BTreeSet<String>| {
            let schema = &description["components"]["schemas"][name];
            let named = schema["properties"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(fields, named, "{name}");
            assert_eq!(schema["additionalProperties"], false, "{name}");
        };
        hold("EventDraft", fields::<EventDraft>());
        hold("SignalDraft", fields::<SignalDraft>());
        hold("IntervalDraft", fields::<IntervalDraft>());
        hold("BaselineDraft", fields::<BaselineDraft>());
        hold("Targets", fields::<Targets>());
        hold("Enrolment", fields::<Enrolment>());
        hold("Import", fields::<Import>());
        hold("GroupDraft", fields::<GroupDraft>());
        hold("Movement", fields::<Movement>());
        hold("ProgrammeDraft", fields::<ProgrammeDraft>());
        hold("TemplateDraft", fields::<TemplateDraft>());
        hold("Occasion", fields::<Occasion>());
        hold("SeriesDraft", fields::<EventSeriesDraft>());
        hold("SeriesPreview", fields::<Preview>());
        hold("HolidaysDraft", fields::<HolidaysDraft>());
        hold("Approval", fields::<Approval>());
        hold("CertificateAdded", fields::<super::super::ven::CertificateAdded>());
        hold("Groups", fields::<super::super::ven::Groups>());
        hold("Modification", fields::<super::super::event::Modification>());
        hold("ReportWanted", fields::<ReportWanted>());
        hold("BackupRequest", fields::<super::super::status::BackupRequest>());
    }
}
