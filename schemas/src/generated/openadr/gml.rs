// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `gml`: the types of its namespace.

use crate::xml::macros::{record, roots};
use crate::xml as x;
use crate::xml::{GML};

record! {
    /// `gml:Exterior`.
    Exterior {
        linear_ring: LinearRing = one(GML, "LinearRing"),
    }
    /// `gml:FeatureCollection`.
    FeatureCollection {
        id: Option<x::Token> = attr_opt(GML, "id"),
        location: Location = one(GML, "location"),
    }
    /// `gml:LinearRing`.
    LinearRing {
        pos_list: x::List<x::Float> = one(GML, "posList"),
    }
    /// `gml:Location`.
    Location {
        polygon: Polygon = one(GML, "Polygon"),
    }
    /// `gml:Polygon`.
    Polygon {
        id: Option<x::Token> = attr_opt(GML, "id"),
        exterior: Exterior = one(GML, "exterior"),
    }
}

roots! {
    FeatureCollection = GML, "FeatureCollection";
}
