// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `xcal`: the types of its namespace.

use super::{ei, emix, power, resource};
use crate::xml::macros::{record, group, tokens, facet, roots};
use crate::xml as x;
use crate::xml::{EI, EMIX, POWER, RESOURCE, XCAL};

record! {
    /// `xcal:ActionProp`.
    ActionProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:AltrepParam`.
    AltrepParam {
        uri: String = one(XCAL, "uri"),
    }
    /// `xcal:ArrayOfEventTodoContainedComponents`.
    #[derive(Default)]
    ArrayOfEventTodoContainedComponents {
        choice: Vec<ArrayOfEventTodoContainedComponentsChoice> = range_of(0, usize::MAX),
    }
    /// `xcal:ArrayOfGluonContainedComponents`.
    #[derive(Default)]
    ArrayOfGluonContainedComponents {
        choice: Vec<ArrayOfGluonContainedComponentsChoice> = range_of(0, usize::MAX),
    }
    /// `xcal:ArrayOfParameters`.
    #[derive(Default)]
    ArrayOfParameters {
        base_parameter: Vec<BaseParameter> = range_of(0, usize::MAX),
    }
    /// `xcal:ArrayOfProperties`.
    #[derive(Default)]
    ArrayOfProperties {
        base_property: Vec<BaseProperty> = range_of(0, usize::MAX),
    }
    /// `xcal:ArrayOfTimezoneContainedComponents`.
    #[derive(Default)]
    ArrayOfTimezoneContainedComponents {
        choice: Vec<ArrayOfTimezoneContainedComponentsChoice> = range_of(0, usize::MAX),
    }
    /// `xcal:ArrayOfVavailabilityContainedComponents`.
    #[derive(Default)]
    ArrayOfVavailabilityContainedComponents {
        available: Vec<Available> = many(XCAL, "available"),
    }
    /// `xcal:ArrayOfVcalendarContainedComponents`.
    #[derive(Default)]
    ArrayOfVcalendarContainedComponents {
        vcalendar_contained_component: Vec<VcalendarContainedComponent2> = range_of(0, usize::MAX),
    }
    /// `xcal:Artifact`.
    #[derive(Default)]
    Artifact {
        attributes: x::AnyAttributes = any_attributes(Some(XCAL)),
    }
    /// `xcal:AttachProp`.
    AttachProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: AttachPropChoice = one_of(),
    }
    /// `xcal:AttendeeProp`.
    AttendeeProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        cal_address: String = one(XCAL, "cal-address"),
    }
    /// `xcal:Available`.
    #[derive(Default)]
    Available {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:CalscaleProp`.
    CalscaleProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: CalscaleValue = one(XCAL, "text"),
    }
    /// `xcal:CategoriesProp`.
    CategoriesProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: Vec<String> = range(XCAL, "text", 1, usize::MAX),
    }
    /// `xcal:ClassProp`.
    ClassProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:CnParam`.
    CnParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:CommentProp`.
    CommentProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:CompletedProp`.
    CompletedProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_date_time: x::UtcDateTime = one(XCAL, "utc-date-time"),
    }
    /// `xcal:ContactProp`.
    ContactProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:CreatedProp`.
    CreatedProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_date_time: x::UtcDateTime = one(XCAL, "utc-date-time"),
    }
    /// `xcal:CutypeParam`.
    CutypeParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:Daylight`.
    #[derive(Default)]
    Daylight {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:DelegatedFromParam`.
    DelegatedFromParam {
        cal_address: Vec<String> = range(XCAL, "cal-address", 1, usize::MAX),
    }
    /// `xcal:DelegatedToParam`.
    DelegatedToParam {
        cal_address: Vec<String> = range(XCAL, "cal-address", 1, usize::MAX),
    }
    /// `xcal:DescriptionProp`.
    DescriptionProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:DirParam`.
    DirParam {
        uri: String = one(XCAL, "uri"),
    }
    /// `xcal:DtendProp`.
    DtendProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: DtendPropChoice = one_of(),
    }
    /// `xcal:DtstampProp`.
    DtstampProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_date_time: x::UtcDateTime = one(XCAL, "utc-date-time"),
    }
    /// `xcal:DtstartProp`.
    DtstartProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: DtstartPropChoice = one_of(),
    }
    /// `xcal:DueProp`.
    DueProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: DuePropChoice = one_of(),
    }
    /// `xcal:DurationParameter`.
    DurationParameter {
        duration: x::Duration = one(XCAL, "duration"),
    }
    /// `xcal:DurationProp`.
    DurationProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        duration: x::Duration = one(XCAL, "duration"),
    }
    /// `xcal:EncodingParam`.
    EncodingParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:ExdateProp`.
    ExdateProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: ExdatePropChoice = one_of(),
    }
    /// `xcal:ExruleProp`.
    ExruleProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        recur: Recur = one(XCAL, "recur"),
    }
    /// `xcal:FbtypeParam`.
    FbtypeParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:FmttypeParam`.
    FmttypeParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:FreebusyProp`.
    FreebusyProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        period: Vec<Period> = range(XCAL, "period", 1, usize::MAX),
    }
    /// `xcal:GeoProp`.
    GeoProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        latitude: x::Float = one(XCAL, "latitude"),
        longitude: x::Float = one(XCAL, "longitude"),
    }
    /// `xcal:Icalendar`.
    Icalendar {
        vcalendar: Vec<Vcalendar> = range(XCAL, "vcalendar", 1, usize::MAX),
    }
    /// `xcal:LanguageParam`.
    LanguageParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:LastModifiedProp`.
    LastModifiedProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_date_time: x::UtcDateTime = one(XCAL, "utc-date-time"),
    }
    /// `xcal:LinkProp`.
    LinkProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: LinkPropChoice = one_of(),
    }
    /// `xcal:LocationProp`.
    LocationProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:MemberParam`.
    MemberParam {
        cal_address: Vec<String> = range(XCAL, "cal-address", 1, usize::MAX),
    }
    /// `xcal:MethodProp`.
    MethodProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:OrganizerProp`.
    OrganizerProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        cal_address: String = one(XCAL, "cal-address"),
    }
    /// `xcal:PartstatParam`.
    PartstatParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:PercentCompleteProp`.
    PercentCompleteProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        integer: x::Integer = one(XCAL, "integer"),
    }
    /// `xcal:Period`.
    Period {
        start: x::DateTime = one(XCAL, "start"),
        choice: PeriodChoice = one_of(),
    }
    /// `xcal:PriorityProp`.
    PriorityProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        integer: x::Integer = one(XCAL, "integer"),
    }
    /// `xcal:ProdidProp`.
    ProdidProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:RangeParam`.
    RangeParam {
        text: RangeValue = one(XCAL, "text"),
    }
    /// `xcal:RdateProp`.
    RdateProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: RdatePropChoice = one_of(),
    }
    /// `xcal:Recur`.
    Recur {
        freq: FreqRecur = one(XCAL, "freq"),
        choice: Option<RecurChoice> = opt_of(),
        interval: Option<String> = opt(XCAL, "interval"),
        bysecond: Vec<String> = many(XCAL, "bysecond"),
        byminute: Vec<String> = many(XCAL, "byminute"),
        byhour: Vec<String> = many(XCAL, "byhour"),
        byday: Vec<String> = many(XCAL, "byday"),
        byyearday: Vec<String> = many(XCAL, "byyearday"),
        bymonthday: Vec<BymonthdayRecur> = many(XCAL, "bymonthday"),
        byweekno: Vec<String> = many(XCAL, "byweekno"),
        bymonth: Vec<BymonthRecur> = many(XCAL, "bymonth"),
        bysetpos: Vec<x::Integer> = many(XCAL, "bysetpos"),
        wkst: Option<WeekdayRecur> = opt(XCAL, "wkst"),
    }
    /// `xcal:RecurrenceIdProp`.
    RecurrenceIdProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: RecurrenceIdPropChoice = one_of(),
    }
    /// `xcal:RelatedParam`.
    RelatedParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:RelatedToProp`.
    RelatedToProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: RelatedToPropChoice = one_of(),
    }
    /// `xcal:ReltypeParam`.
    ReltypeParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:RepeatProp`.
    RepeatProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        integer: x::Integer = one(XCAL, "integer"),
    }
    /// `xcal:RequestStatusProp`.
    RequestStatusProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        code: String = one(XCAL, "code"),
        description: String = one(XCAL, "description"),
        extdata: String = one(XCAL, "extdata"),
    }
    /// `xcal:ResourcesProp`.
    ResourcesProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: Vec<String> = range(XCAL, "text", 1, usize::MAX),
    }
    /// `xcal:RoleParam`.
    RoleParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:RruleProp`.
    RruleProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        recur: Recur = one(XCAL, "recur"),
    }
    /// `xcal:RsvpParam`.
    RsvpParam {
        boolean: bool = one(XCAL, "boolean"),
    }
    /// `xcal:ScheduleAgentParam`.
    ScheduleAgentParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:ScheduleForceSendParam`.
    ScheduleForceSendParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:ScheduleStatusParam`.
    ScheduleStatusParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:SentByParam`.
    SentByParam {
        cal_address: String = one(XCAL, "cal-address"),
    }
    /// `xcal:SequenceProp`.
    SequenceProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        integer: x::Integer = one(XCAL, "integer"),
    }
    /// `xcal:Standard`.
    #[derive(Default)]
    Standard {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:StatusProp`.
    StatusProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:SummaryProp`.
    SummaryProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:TextParameter`.
    TextParameter {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:ToleranceProp`.
    #[derive(Default)]
    ToleranceProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        tolerate: ToleranceValue = one(XCAL, "tolerate"),
    }
    /// `xcal:ToleranceValue`.
    #[derive(Default)]
    ToleranceValue {
        startbefore: Option<x::Duration> = opt(XCAL, "startbefore"),
        startafter: Option<x::Duration> = opt(XCAL, "startafter"),
        endbefore: Option<x::Duration> = opt(XCAL, "endbefore"),
        endafter: Option<x::Duration> = opt(XCAL, "endafter"),
        durationlong: Option<x::Duration> = opt(XCAL, "durationlong"),
        durationshort: Option<x::Duration> = opt(XCAL, "durationshort"),
        precision: Option<x::Duration> = opt(XCAL, "precision"),
    }
    /// `xcal:TranspProp`.
    TranspProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:TriggerProp`.
    TriggerProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: TriggerPropChoice = one_of(),
    }
    /// `xcal:TzidParam`.
    TzidParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:TznameProp`.
    TznameProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:TzoffsetfromProp`.
    TzoffsetfromProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_offset: UtcOffset = one(XCAL, "utc-offset"),
    }
    /// `xcal:TzoffsettoProp`.
    TzoffsettoProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        utc_offset: UtcOffset = one(XCAL, "utc-offset"),
    }
    /// `xcal:TzurlProp`.
    TzurlProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        uri: String = one(XCAL, "uri"),
    }
    /// `xcal:UidProp`.
    UidProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:UntilRecur`.
    UntilRecur {
        choice: UntilRecurChoice = one_of(),
    }
    /// `xcal:UrlProp`.
    UrlProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        uri: String = one(XCAL, "uri"),
    }
    /// `xcal:Valarm`.
    #[derive(Default)]
    Valarm {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:Vavailability`.
    #[derive(Default)]
    Vavailability {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfVavailabilityContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:Vcalendar`.
    #[derive(Default)]
    Vcalendar {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:VersionProp`.
    VersionProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:Vevent`.
    #[derive(Default)]
    Vevent {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfEventTodoContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:Vfreebusy`.
    #[derive(Default)]
    Vfreebusy {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:Vjournal`.
    #[derive(Default)]
    Vjournal {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:Vtimezone`.
    #[derive(Default)]
    Vtimezone {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfTimezoneContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:Vtodo`.
    #[derive(Default)]
    Vtodo {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfEventTodoContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:WsCalendarAttach`.
    #[derive(Default)]
    WsCalendarAttach {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: Vec<WsCalendarAttachChoice> = range_of(0, usize::MAX),
    }
    /// `xcal:WsCalendarGluon`.
    #[derive(Default)]
    WsCalendarGluon {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
        components: ArrayOfGluonContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:WsCalendarInterval`.
    #[derive(Default)]
    WsCalendarInterval {
        properties: Option<ArrayOfProperties> = opt(XCAL, "properties"),
    }
    /// `xcal:WsCalendarType`.
    WsCalendarType {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XBedeworkCostProp`.
    XBedeworkCostProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XBedeworkExsynchEndtzidProp`.
    XBedeworkExsynchEndtzidProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XBedeworkExsynchLastmodProp`.
    XBedeworkExsynchLastmodProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XBedeworkExsynchStarttzidProp`.
    XBedeworkExsynchStarttzidProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XBedeworkUidParam`.
    XBedeworkUidParam {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XMicrosoftCdoBusystatusProp`.
    XMicrosoftCdoBusystatusProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
    /// `xcal:XMicrosoftCdoIntendedstatusProp`.
    XMicrosoftCdoIntendedstatusProp {
        parameters: Option<ArrayOfParameters> = opt(XCAL, "parameters"),
        text: String = one(XCAL, "text"),
    }
}

group! {
    /// `xcal:ArrayOfEventTodoContainedComponentsChoice`.
    ArrayOfEventTodoContainedComponentsChoice {
        Valarm(Valarm) = element(XCAL, "valarm"),
    }
    /// `xcal:ArrayOfGluonContainedComponentsChoice`.
    ArrayOfGluonContainedComponentsChoice {
        Vavailability(Vavailability) = element(XCAL, "vavailability"),
    }
    /// `xcal:ArrayOfTimezoneContainedComponentsChoice`.
    ArrayOfTimezoneContainedComponentsChoice {
        Standard(Standard) = element(XCAL, "standard"),
        Daylight(Daylight) = element(XCAL, "daylight"),
    }
    /// `xcal:ArtifactBase`.
    ArtifactBase {
        Measurement(emix::Measurement) = element(EMIX, "measurement"),
        PowerProductDescription(power::PowerProductDescription) = element(POWER, "powerProductDescription"),
        BlockPowerFullRequirements(power::BlockPowerFullRequirements) = element(POWER, "blockPowerFullRequirements"),
        FullRequirementsPower(power::FullRequirementsPower) = element(POWER, "fullRequirementsPower"),
        TransportProductDescription(power::TransportProductDescription) = element(POWER, "transportProductDescription"),
        TemixPower(power::TemixPower) = element(POWER, "temixPower"),
        ActiveReserve(resource::ActiveReserve) = element(RESOURCE, "activeReserve"),
        Generation(resource::Generation) = element(RESOURCE, "generation"),
        LoadReduction(resource::LoadReduction) = element(RESOURCE, "loadReduction"),
        ProductVoltageRegulation(resource::ProductVoltageRegulation) = element(RESOURCE, "productVoltageRegulation"),
        RegulationService(resource::RegulationService) = element(RESOURCE, "regulationService"),
    }
    /// `xcal:AttachPropChoice`.
    AttachPropChoice {
        Uri(String) = element(XCAL, "uri"),
        Binary(String) = element(XCAL, "binary"),
    }
    /// `xcal:BaseParameter`.
    BaseParameter {
        Altrep(AltrepParam) = element(XCAL, "altrep"),
        Cn(CnParam) = element(XCAL, "cn"),
        Cutype(CutypeParam) = element(XCAL, "cutype"),
        DelegatedFrom(DelegatedFromParam) = element(XCAL, "delegated-from"),
        DelegatedTo(DelegatedToParam) = element(XCAL, "delegated-to"),
        Dir(DirParam) = element(XCAL, "dir"),
        Encoding(EncodingParam) = element(XCAL, "encoding"),
        Fbtype(FbtypeParam) = element(XCAL, "fbtype"),
        Fmttype(FmttypeParam) = element(XCAL, "fmttype"),
        Gap(DurationParameter) = element(XCAL, "gap"),
        Language(LanguageParam) = element(XCAL, "language"),
        Member(MemberParam) = element(XCAL, "member"),
        Partstat(PartstatParam) = element(XCAL, "partstat"),
        Range(RangeParam) = element(XCAL, "range"),
        Rel(TextParameter) = element(XCAL, "rel"),
        Related(RelatedParam) = element(XCAL, "related"),
        Reltype(ReltypeParam) = element(XCAL, "reltype"),
        Role(RoleParam) = element(XCAL, "role"),
        Rsvp(RsvpParam) = element(XCAL, "rsvp"),
        ScheduleAgent(ScheduleAgentParam) = element(XCAL, "schedule-agent"),
        ScheduleForceSend(ScheduleForceSendParam) = element(XCAL, "schedule-force-send"),
        ScheduleStatus(ScheduleStatusParam) = element(XCAL, "schedule-status"),
        SentBy(SentByParam) = element(XCAL, "sent-by"),
        Tzid(TzidParam) = element(XCAL, "tzid"),
        XBedeworkUid(XBedeworkUidParam) = element(XCAL, "x-bedework-uid"),
    }
    /// `xcal:BaseProperty`.
    BaseProperty {
        XIntervalQualification(ei::XIntervalQualification) = element(EI, "x-IntervalQualification"),
        XEiNotification(DurationProp) = element(EI, "x-eiNotification"),
        XEiRampUp(DurationProp) = element(EI, "x-eiRampUp"),
        XEiRecovery(DurationProp) = element(EI, "x-eiRecovery"),
        Action(ActionProp) = element(XCAL, "action"),
        Attach(AttachProp) = element(XCAL, "attach"),
        Attendee(AttendeeProp) = element(XCAL, "attendee"),
        Calscale(CalscaleProp) = element(XCAL, "calscale"),
        Categories(CategoriesProp) = element(XCAL, "categories"),
        Class(ClassProp) = element(XCAL, "class"),
        Comment(CommentProp) = element(XCAL, "comment"),
        Completed(CompletedProp) = element(XCAL, "completed"),
        Contact(ContactProp) = element(XCAL, "contact"),
        Created(CreatedProp) = element(XCAL, "created"),
        Description(DescriptionProp) = element(XCAL, "description"),
        Dtend(DtendProp) = element(XCAL, "dtend"),
        Dtstamp(DtstampProp) = element(XCAL, "dtstamp"),
        Dtstart(DtstartProp) = element(XCAL, "dtstart"),
        Due(DueProp) = element(XCAL, "due"),
        Duration(DurationProp) = element(XCAL, "duration"),
        Exdate(ExdateProp) = element(XCAL, "exdate"),
        Exrule(ExruleProp) = element(XCAL, "exrule"),
        Freebusy(FreebusyProp) = element(XCAL, "freebusy"),
        Geo(GeoProp) = element(XCAL, "geo"),
        Granularity(DurationProp) = element(XCAL, "granularity"),
        LastModified(LastModifiedProp) = element(XCAL, "last-modified"),
        Link(LinkProp) = element(XCAL, "link"),
        Location(LocationProp) = element(XCAL, "location"),
        Method(MethodProp) = element(XCAL, "method"),
        Organizer(OrganizerProp) = element(XCAL, "organizer"),
        PercentComplete(PercentCompleteProp) = element(XCAL, "percent-complete"),
        Priority(PriorityProp) = element(XCAL, "priority"),
        Prodid(ProdidProp) = element(XCAL, "prodid"),
        Rdate(RdateProp) = element(XCAL, "rdate"),
        RecurrenceId(RecurrenceIdProp) = element(XCAL, "recurrence-id"),
        RelatedTo(RelatedToProp) = element(XCAL, "related-to"),
        Repeat(RepeatProp) = element(XCAL, "repeat"),
        RequestStatus(RequestStatusProp) = element(XCAL, "request-status"),
        Resources(ResourcesProp) = element(XCAL, "resources"),
        Rrule(RruleProp) = element(XCAL, "rrule"),
        Sequence(SequenceProp) = element(XCAL, "sequence"),
        Status(StatusProp) = element(XCAL, "status"),
        Summary(SummaryProp) = element(XCAL, "summary"),
        Tolerance(ToleranceProp) = element(XCAL, "tolerance"),
        Transp(TranspProp) = element(XCAL, "transp"),
        Trigger(TriggerProp) = element(XCAL, "trigger"),
        Tzname(TznameProp) = element(XCAL, "tzname"),
        Tzoffsetfrom(TzoffsetfromProp) = element(XCAL, "tzoffsetfrom"),
        Tzoffsetto(TzoffsettoProp) = element(XCAL, "tzoffsetto"),
        Tzurl(TzurlProp) = element(XCAL, "tzurl"),
        Uid(UidProp) = element(XCAL, "uid"),
        Url(UrlProp) = element(XCAL, "url"),
        Version(VersionProp) = element(XCAL, "version"),
        XBedeworkCost(XBedeworkCostProp) = element(XCAL, "x-bedework-cost"),
        XBedeworkExsynchEndtzid(XBedeworkExsynchEndtzidProp) = element(XCAL, "x-bedework-exsynch-endtzid"),
        XBedeworkExsynchLastmod(XBedeworkExsynchLastmodProp) = element(XCAL, "x-bedework-exsynch-lastmod"),
        XBedeworkExsynchOrganizer(OrganizerProp) = element(XCAL, "x-bedework-exsynch-organizer"),
        XBedeworkExsynchStarttzid(XBedeworkExsynchStarttzidProp) = element(XCAL, "x-bedework-exsynch-starttzid"),
        XMicrosoftCdoBusystatus(XMicrosoftCdoBusystatusProp) = element(XCAL, "x-microsoft-cdo-busystatus"),
        XMicrosoftCdoIntendedstatus(XMicrosoftCdoIntendedstatusProp) = element(XCAL, "x-microsoft-cdo-intendedstatus"),
        XWsCalendarAttach(WsCalendarAttach) = element(XCAL, "x-wsCalendar-attach"),
        XWscalendarType(WsCalendarType) = element(XCAL, "x-wscalendar-type"),
    }
    /// `xcal:DtendPropChoice`.
    DtendPropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:DtstartPropChoice`.
    DtstartPropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:DuePropChoice`.
    DuePropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:ExdatePropChoice`.
    ExdatePropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:LinkPropChoice`.
    LinkPropChoice {
        Uri(String) = element(XCAL, "uri"),
        Uid(String) = element(XCAL, "uid"),
        Reference(String) = element(XCAL, "reference"),
    }
    /// `xcal:PeriodChoice`.
    PeriodChoice {
        End(x::DateTime) = element(XCAL, "end"),
        Duration(x::Duration) = element(XCAL, "duration"),
    }
    /// `xcal:RdatePropChoice`.
    RdatePropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:RecurChoice`.
    RecurChoice {
        Until(UntilRecur) = element(XCAL, "until"),
        Count(x::Integer) = element(XCAL, "count"),
    }
    /// `xcal:RecurrenceIdPropChoice`.
    RecurrenceIdPropChoice {
        DateTime(x::DateTime) = element(XCAL, "date-time"),
        Date(x::Date) = element(XCAL, "date"),
    }
    /// `xcal:RelatedToPropChoice`.
    RelatedToPropChoice {
        Uri(String) = element(XCAL, "uri"),
        Uid(String) = element(XCAL, "uid"),
        Text(String) = element(XCAL, "text"),
    }
    /// `xcal:TriggerPropChoice`.
    TriggerPropChoice {
        Duration(x::Duration) = element(XCAL, "duration"),
        DateTime(x::DateTime) = element(XCAL, "date-time"),
    }
    /// `xcal:UntilRecurChoice`.
    UntilRecurChoice {
        Date(x::Date) = element(XCAL, "date"),
        DateTime(x::DateTime) = element(XCAL, "date-time"),
    }
    /// `xcal:VcalendarContainedComponent2`.
    VcalendarContainedComponent2 {
        Gluon(WsCalendarGluon) = element(XCAL, "gluon"),
        Interval(WsCalendarInterval) = element(XCAL, "interval"),
        Vavailability(Vavailability) = element(XCAL, "vavailability"),
        Vevent(Vevent) = element(XCAL, "vevent"),
        Vfreebusy(Vfreebusy) = element(XCAL, "vfreebusy"),
        Vjournal(Vjournal) = element(XCAL, "vjournal"),
        Vtimezone(Vtimezone) = element(XCAL, "vtimezone"),
        Vtodo(Vtodo) = element(XCAL, "vtodo"),
    }
    /// `xcal:WsCalendarAttachChoice`.
    WsCalendarAttachChoice {
        Artifact(Artifact) = element(XCAL, "artifact"),
        ArtifactBase(ArtifactBase) = member(),
        Uri(String) = element(XCAL, "uri"),
        Text(String) = element(XCAL, "text"),
    }
}

tokens! {
    /// `xcal:CalscaleValue`.
    exact CalscaleValue {
        Gregorian = "GREGORIAN",
    };
    /// `xcal:FreqRecur`.
    collapsed FreqRecur {
        Secondly = "SECONDLY",
        Minutely = "MINUTELY",
        Hourly = "HOURLY",
        Daily = "DAILY",
        Weekly = "WEEKLY",
        Monthly = "MONTHLY",
        Yearly = "YEARLY",
    };
    /// `xcal:RangeValue`.
    collapsed RangeValue {
        Thisandfuture = "THISANDFUTURE",
    };
    /// `xcal:WeekdayRecur`.
    collapsed WeekdayRecur {
        Su = "SU",
        Mo = "MO",
        Tu = "TU",
        We = "WE",
        Th = "TH",
        Fr = "FR",
        Sa = "SA",
    };
}

facet! {
    /// `xcal:BymonthRecur`.
    BymonthRecur(x::Integer) = |v| v.value().is_some_and(|v| (1..=12).contains(&v)), "a number from 1 to 12", ["1", "12"];
    /// `xcal:BymonthdayRecur`.
    BymonthdayRecur(x::Integer) = |v| v.value().is_some_and(|v| (-31..=31).contains(&v)), "a number from -31 to 31", ["-31", "31"];
    /// `xcal:UtcOffset`.
    UtcOffset(String) = |v| x::patterns::utc_offset(v), "an offset such as +01:00", ["+01:00"];
}

roots! {
    ActionProp = XCAL, "action";
    AltrepParam = XCAL, "altrep";
    ArrayOfParameters = XCAL, "parameters";
    Artifact = XCAL, "artifact";
    AttachProp = XCAL, "attach";
    AttendeeProp = XCAL, "attendee";
    Available = XCAL, "available";
    CalscaleProp = XCAL, "calscale";
    CategoriesProp = XCAL, "categories";
    ClassProp = XCAL, "class";
    CnParam = XCAL, "cn";
    CommentProp = XCAL, "comment";
    CompletedProp = XCAL, "completed";
    ContactProp = XCAL, "contact";
    CreatedProp = XCAL, "created";
    CutypeParam = XCAL, "cutype";
    Daylight = XCAL, "daylight";
    DelegatedFromParam = XCAL, "delegated-from";
    DelegatedToParam = XCAL, "delegated-to";
    DescriptionProp = XCAL, "description";
    DirParam = XCAL, "dir";
    DtendProp = XCAL, "dtend";
    DtstampProp = XCAL, "dtstamp";
    DtstartProp = XCAL, "dtstart";
    DueProp = XCAL, "due";
    DurationParameter = XCAL, "gap";
    EncodingParam = XCAL, "encoding";
    ExdateProp = XCAL, "exdate";
    ExruleProp = XCAL, "exrule";
    FbtypeParam = XCAL, "fbtype";
    FmttypeParam = XCAL, "fmttype";
    FreebusyProp = XCAL, "freebusy";
    GeoProp = XCAL, "geo";
    Icalendar = XCAL, "icalendar";
    LanguageParam = XCAL, "language";
    LastModifiedProp = XCAL, "last-modified";
    LinkProp = XCAL, "link";
    LocationProp = XCAL, "location";
    MemberParam = XCAL, "member";
    MethodProp = XCAL, "method";
    PartstatParam = XCAL, "partstat";
    PercentCompleteProp = XCAL, "percent-complete";
    Period = XCAL, "period";
    PriorityProp = XCAL, "priority";
    ProdidProp = XCAL, "prodid";
    RangeParam = XCAL, "range";
    RdateProp = XCAL, "rdate";
    RecurrenceIdProp = XCAL, "recurrence-id";
    RelatedParam = XCAL, "related";
    RelatedToProp = XCAL, "related-to";
    ReltypeParam = XCAL, "reltype";
    RepeatProp = XCAL, "repeat";
    RequestStatusProp = XCAL, "request-status";
    ResourcesProp = XCAL, "resources";
    RoleParam = XCAL, "role";
    RruleProp = XCAL, "rrule";
    RsvpParam = XCAL, "rsvp";
    ScheduleAgentParam = XCAL, "schedule-agent";
    ScheduleForceSendParam = XCAL, "schedule-force-send";
    ScheduleStatusParam = XCAL, "schedule-status";
    SentByParam = XCAL, "sent-by";
    SequenceProp = XCAL, "sequence";
    Standard = XCAL, "standard";
    StatusProp = XCAL, "status";
    SummaryProp = XCAL, "summary";
    TextParameter = XCAL, "rel";
    ToleranceProp = XCAL, "tolerance";
    TranspProp = XCAL, "transp";
    TriggerProp = XCAL, "trigger";
    TzidParam = XCAL, "tzid";
    TznameProp = XCAL, "tzname";
    TzoffsetfromProp = XCAL, "tzoffsetfrom";
    TzoffsettoProp = XCAL, "tzoffsetto";
    TzurlProp = XCAL, "tzurl";
    UidProp = XCAL, "uid";
    UntilRecur = XCAL, "until";
    UrlProp = XCAL, "url";
    Valarm = XCAL, "valarm";
    Vavailability = XCAL, "vavailability";
    VersionProp = XCAL, "version";
    Vevent = XCAL, "vevent";
    Vfreebusy = XCAL, "vfreebusy";
    Vjournal = XCAL, "vjournal";
    Vtimezone = XCAL, "vtimezone";
    Vtodo = XCAL, "vtodo";
    WsCalendarAttach = XCAL, "x-wsCalendar-attach";
    WsCalendarGluon = XCAL, "gluon";
    WsCalendarInterval = XCAL, "interval";
    WsCalendarType = XCAL, "x-wscalendar-type";
    XBedeworkCostProp = XCAL, "x-bedework-cost";
    XBedeworkExsynchEndtzidProp = XCAL, "x-bedework-exsynch-endtzid";
    XBedeworkExsynchLastmodProp = XCAL, "x-bedework-exsynch-lastmod";
    XBedeworkExsynchStarttzidProp = XCAL, "x-bedework-exsynch-starttzid";
    XBedeworkUidParam = XCAL, "x-bedework-uid";
    XMicrosoftCdoBusystatusProp = XCAL, "x-microsoft-cdo-busystatus";
    XMicrosoftCdoIntendedstatusProp = XCAL, "x-microsoft-cdo-intendedstatus";
}
