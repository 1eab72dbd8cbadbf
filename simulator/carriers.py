"""Real airlines on real stations: who flies from where, and the numbers their documents begin with.

Networks are the kind of network each airline has, not its timetable. Numeric codes are IATA's.
"""

from __future__ import annotations

from dataclasses import dataclass

# Stations by region. What one airline serves is put together from these.
METROS = "DEL BOM BLR MAA HYD CCU COK AMD"
SOUTH = "TRV CCJ CNN IXE CJB TRZ IXM VTZ VGA"
INDIA = (
    f"{METROS} {SOUTH} SXR IXJ IXL JAI LKO PNQ GOI GOX IXC ATQ DED VNS PAT GAY IXR RPR NAG IDR BHO UDR JDH BDQ STV"
    " BBI GAU IXB IXA IMF IXZ"
)
GATEWAYS = f"{METROS} TRV CCJ"
EMIRATES = "DXB AUH SHJ"
GULF = f"{EMIRATES} DOH BAH KWI MCT"
SAUDI = "JED MED RUH DMM"
SAUDI_INLAND = "AHB TUU YNB ELQ GIZ TIF HAS"
PAKISTAN = "KHI ISB LHE PEW MUX SKT LYP UET"
PAKISTAN_TRUNK = "KHI ISB LHE PEW SKT MUX"
BANGLADESH = "DAC CGP ZYL CXB"
NEIGHBOURS = "CMB KTM DAC MLE"
LEVANT = "CAI AMM BEY BGW NJF"
EUROPE = "LHR MAN CDG FRA MUC AMS ZRH VIE FCO MXP MAD BCN CPH ARN OSL BRU GVA ATH IST DUS BER LIS DUB WAW PRG BUD HEL"
BRITAIN = "LHR LGW MAN BHX EDI GLA"
SOUTHEAST = "SIN KUL BKK CGK DPS HKT SGN HAN MNL"
FAR_EAST = "HKG CAN PVG PEK ICN NRT TPE"
AFRICA = "ADD NBO DAR JNB LOS ACC KRT EBB"
AMERICA = "JFK EWR IAD ORD BOS IAH LAX SFO YYZ"
PACIFIC = "SYD MEL PER"

# From the highest fare to the lowest, as availability is shown.
FULL = "CDYBMHKQLV"
WITH_FIRST = "FCDYBMHKQV"
WITH_PREMIUM = "CDWYBMKQLV"
LOW_COST = "YBMKQV"


@dataclass(frozen=True, slots=True)
class Carrier:
    """`level` is what its fares are of the common one; `pairs` are flown without a hub, once a day."""

    code: str
    name: str
    numeric: str
    country: str
    hubs: tuple[str, ...]
    stations: tuple[str, ...]
    level: float
    ladder: str
    baggage: str
    pairs: frozenset[tuple[str, str]] = frozenset()

    @property
    def low_cost(self) -> bool:
        return self.ladder == LOW_COST


def _carrier(
    code: str,
    name: str,
    numeric: str,
    country: str,
    hubs: str,
    stations: str,
    level: float,
    ladder: str = FULL,
    baggage: str = "30K",
    pairs: str = "",
) -> Carrier:
    served = tuple(dict.fromkeys(f"{hubs} {stations}".split()))
    both = {(pair[:3], pair[4:]) for pair in pairs.split()}
    both |= {(destination, origin) for origin, destination in both}
    return Carrier(
        code, name, numeric, country, tuple(hubs.split()), served, level, ladder, baggage, pairs=frozenset(both)
    )


_UMRAH = "SXR-JED SXR-MED"
_ALL = (
    _carrier(
        *("AI", "Air India", "098", "IN", "DEL BOM"),
        f"{INDIA} {GULF} JED RUH DMM {NEIGHBOURS} LHR BHX CDG FRA AMS MXP VIE CPH ZRH SIN BKK KUL HKG NRT ICN"
        " JFK EWR ORD SFO IAD YYZ SYD MEL NBO",
        *(1.0, WITH_PREMIUM, "25K"),
    ),
    _carrier(
        *("6E", "IndiGo", "312", "IN", "DEL BOM BLR HYD"),
        f"{INDIA} {GULF} {SAUDI} {NEIGHBOURS} IST SIN KUL BKK HKT DPS CGK SGN HAN HKG NBO TAS ALA GYD TBS MAN AMS",
        *(0.82, LOW_COST, "20K"),
    ),
    _carrier(
        *("SG", "SpiceJet", "775", "IN", "DEL BOM"),
        f"{METROS} SXR IXJ IXL JAI PNQ GOI VNS PAT GAU IXB DXB JED RUH BKK KTM MLE",
        *(0.78, LOW_COST, "20K", _UMRAH),
    ),
    _carrier(
        *("SV", "Saudia", "065", "SA", "JED RUH"),
        f"{SAUDI} {SAUDI_INLAND} {GULF} {GATEWAYS} LKO {PAKISTAN_TRUNK} DAC CMB KTM MLE {LEVANT} {EUROPE}"
        f" SIN KUL BKK CGK MNL CAN {AFRICA} JFK IAD LAX YYZ",
        *(0.98, WITH_FIRST, "2PC", _UMRAH),
    ),
    _carrier(
        *("XY", "flynas", "593", "SA", "RUH JED"),
        f"{SAUDI} {SAUDI_INLAND} DXB AUH DOH KWI BAH DEL BOM HYD CCJ KHI LHE ISB DAC CAI AMM IST TAS ADD",
        *(0.75, LOW_COST, "20K"),
    ),
    _carrier(
        *("EK", "Emirates", "176", "AE", "DXB"),
        f"{GULF} {SAUDI} {GATEWAYS} {PAKISTAN_TRUNK} {NEIGHBOURS} {LEVANT} {EUROPE} LGW STN BHX GLA NCE {SOUTHEAST}"
        f" {FAR_EAST} {AFRICA} {AMERICA} {PACIFIC} CPT",
        *(1.15, WITH_FIRST, "30K"),
    ),
    _carrier(
        *("FZ", "flydubai", "141", "AE", "DXB"),
        f"{SAUDI} {SAUDI_INLAND} DOH BAH KWI MCT SLL DEL BOM HYD MAA COK AMD CCJ CCU LKO KHI ISB LHE MUX SKT LYP PEW"
        f" DAC CGP CMB KTM MLE {LEVANT} TAS ALA GYD TBS PRG BUD WAW ADD",
        *(0.86, LOW_COST, "20K"),
    ),
    _carrier(
        *("EY", "Etihad Airways", "607", "AE", "AUH"),
        f"DOH BAH KWI MCT {SAUDI} {GATEWAYS} JAI {PAKISTAN_TRUNK} {NEIGHBOURS} CAI AMM BEY LHR MAN CDG FRA MUC AMS ZRH"
        f" FCO MXP MAD BCN DUB IST {SOUTHEAST} HKG PEK ICN NRT JNB NBO JFK IAD ORD BOS YYZ SYD MEL",
        *(1.05, WITH_FIRST, "30K"),
    ),
    _carrier(
        *("G9", "Air Arabia", "514", "AE", "SHJ"),
        f"{SAUDI} DOH BAH KWI MCT {GATEWAYS} LKO JAI GOX NAG CJB {PAKISTAN} DAC CGP CMB KTM {LEVANT} TAS ALA GYD TBS"
        " NBO EBB KUL BKK VIE ATH",
        *(0.76, LOW_COST, "20K"),
    ),
    _carrier(
        *("QR", "Qatar Airways", "157", "QA", "DOH"),
        f"{EMIRATES} BAH KWI MCT SLL {SAUDI} {GATEWAYS} GOX NAG ATQ {PAKISTAN_TRUNK} {NEIGHBOURS} {LEVANT} {EUROPE} LGW"
        f" BHX EDI {SOUTHEAST} {FAR_EAST} {AFRICA} {AMERICA} {PACIFIC} CPT",
        *(1.1, FULL, "30K"),
    ),
    _carrier(
        *("GF", "Gulf Air", "072", "BH", "BAH"),
        f"DXB AUH DOH KWI MCT {SAUDI} DEL BOM BLR MAA HYD COK TRV CCJ GOX KHI ISB LHE DAC CMB MLE CAI AMM BGW NJF"
        " LHR MAN CDG FRA FCO MXP ATH IST BKK SIN",
        *(0.88, FULL, "30K"),
    ),
    _carrier(
        *("KU", "Kuwait Airways", "229", "KW", "KWI"),
        f"DXB DOH BAH {SAUDI} DEL BOM MAA HYD COK TRV AMD ISB LHE DAC CMB CAI AMM BEY LHR CDG FRA MUC FCO MXP IST"
        " BKK KUL MNL JFK",
        *(0.86, FULL, "2PC"),
    ),
    _carrier(
        *("WY", "Oman Air", "910", "OM", "MCT"),
        f"SLL DXB DOH BAH KWI {SAUDI} {GATEWAYS} LKO GOX KHI ISB LHE DAC CMB MLE CAI AMM LHR CDG FRA MUC MXP ZRH IST"
        " BKK HKT KUL CGK MNL DAR",
        *(0.92, FULL, "30K"),
    ),
    _carrier(
        *("OV", "SalamAir", "960", "OM", "MCT"),
        "SLL DXB DOH BAH KWI JED MED RUH DMM TRV CCJ JAI LKO HYD DEL MAA KHI ISB LHE PEW SKT MUX DAC CGP CMB KTM IST",
        *(0.74, LOW_COST, "20K"),
    ),
    _carrier(
        *("PK", "Pakistan International Airlines", "214", "PK", "KHI ISB LHE"),
        f"{PAKISTAN} {EMIRATES} DOH BAH KWI MCT {SAUDI} KUL PEK CDG MAN YYZ BGW NJF",
        *(0.9, FULL, "30K"),
    ),
    _carrier(
        *("PA", "airblue", "737", "PK", "KHI ISB LHE"),
        "MUX PEW SKT DXB SHJ AUH JED RUH MED IST",
        *(0.8, LOW_COST, "20K"),
    ),
    _carrier(
        *("BG", "Biman Bangladesh Airlines", "997", "BD", "DAC"),
        f"{BANGLADESH} DEL CCU MAA KTM DXB SHJ AUH DOH KWI MCT {SAUDI} LHR MAN FCO YYZ BKK SIN KUL NRT CAN",
        *(0.88, FULL, "30K"),
    ),
    _carrier(
        *("BS", "US-Bangla Airlines", "779", "BD", "DAC"),
        f"{BANGLADESH} CCU MAA DXB SHJ AUH DOH MCT JED RUH MLE BKK SIN KUL CAN",
        *(0.82, FULL, "30K"),
    ),
    _carrier(
        *("UL", "SriLankan Airlines", "603", "LK", "CMB"),
        f"DEL BOM BLR MAA HYD COK TRV TRZ IXM MLE KTM DAC KHI LHE DXB AUH DOH KWI RUH DMM JED LHR FRA CDG {SOUTHEAST}"
        " NRT ICN CAN MEL SYD",
        *(0.9, FULL, "30K"),
    ),
    _carrier(
        *("RA", "Nepal Airlines", "285", "NP", "KTM"),
        "DEL BOM BLR DXB DOH DMM RUH JED KUL BKK HKG NRT",
        *(0.8, FULL, "25K"),
    ),
    _carrier(
        *("TK", "Turkish Airlines", "235", "TR", "IST"),
        f"DEL BOM {PAKISTAN_TRUNK} {NEIGHBOURS} {GULF} {SAUDI} {LEVANT} {EUROPE} LGW BHX EDI {SOUTHEAST} {FAR_EAST}"
        f" {AFRICA} {AMERICA} TAS ALA GYD TBS ESB AYT ADB CPT",
        *(1.02, FULL, "30K"),
    ),
    _carrier(
        *("BA", "British Airways", "125", "GB", "LHR"),
        f"{EUROPE} EDI GLA {METROS} ISB DXB AUH DOH BAH KWI RUH JED CAI AMM SIN KUL BKK HKG NRT {AMERICA} SYD JNB CPT"
        " NBO LOS ACC",
        *(1.12, WITH_PREMIUM, "1PC"),
    ),
    _carrier(
        *("VS", "Virgin Atlantic", "932", "GB", "LHR MAN"),
        f"DEL BOM BLR RUH DXB MLE {AMERICA} JNB CPT LOS ICN",
        *(1.06, WITH_PREMIUM, "1PC"),
    ),
    _carrier(
        *("LH", "Lufthansa", "220", "DE", "FRA MUC"),
        f"{EUROPE} BHX EDI HAM STR DEL BOM BLR MAA HYD DXB RUH DMM KWI CAI AMM BEY SIN BKK {FAR_EAST} {AMERICA} JNB"
        " CPT NBO ADD LOS",
        *(1.1, WITH_FIRST, "1PC"),
    ),
    _carrier(
        *("AF", "Air France", "057", "FR", "CDG"),
        f"{EUROPE} BHX EDI NCE LYS TLS DEL BOM BLR DXB RUH CAI BEY SIN BKK {FAR_EAST} {AMERICA} JNB NBO LOS ACC DAR",
        *(1.06, WITH_PREMIUM, "1PC"),
    ),
    _carrier(
        *("KL", "KLM", "074", "NL", "AMS"),
        f"{EUROPE} BHX EDI GLA DEL BOM BLR HYD DXB RUH DMM BAH KWI MCT CAI SIN KUL BKK CGK MNL {FAR_EAST} {AMERICA} JNB"
        " CPT NBO DAR ACC LOS",
        *(1.04, WITH_PREMIUM, "1PC"),
    ),
    _carrier(
        *("LX", "SWISS", "724", "CH", "ZRH"),
        f"{EUROPE} BHX DEL BOM DXB MCT CAI SIN BKK HKG PVG ICN NRT {AMERICA} JNB NBO DAR",
        *(1.1, WITH_FIRST, "1PC"),
    ),
    _carrier(
        *("SQ", "Singapore Airlines", "618", "SG", "SIN"),
        f"{SOUTHEAST} RGN {METROS} CMB KTM DAC MLE DXB RUH {FAR_EAST} {PACIFIC} LHR MAN CDG FRA MUC AMS ZRH FCO MXP"
        " BCN CPH IST JFK EWR LAX SFO JNB CPT",
        *(1.08, WITH_FIRST, "30K"),
    ),
    _carrier(
        *("MH", "Malaysia Airlines", "232", "MY", "KUL"),
        f"{SOUTHEAST} PEN {METROS} TRV CMB KTM DAC MLE DOH JED MED {FAR_EAST} {PACIFIC} LHR CDG",
        *(0.94, FULL, "30K"),
    ),
    _carrier(
        *("TG", "Thai Airways", "217", "TH", "BKK"),
        f"{SOUTHEAST} RGN CNX {METROS} CMB KTM DAC KHI LHE ISB {FAR_EAST} {PACIFIC} LHR CDG FRA MUC ZRH CPH ARN OSL"
        " BRU MXP IST JED",
        *(0.98, FULL, "30K"),
    ),
    _carrier(
        *("CX", "Cathay Pacific", "160", "HK", "HKG"),
        f"{SOUTHEAST} PVG PEK ICN NRT TPE DEL BOM BLR MAA HYD CMB KTM DAC DXB RUH LHR MAN CDG FRA MUC AMS ZRH FCO MXP"
        f" MAD BCN {PACIFIC} JFK BOS ORD LAX SFO YYZ JNB",
        *(1.06, WITH_PREMIUM, "30K"),
    ),
    _carrier(
        *("MS", "EgyptAir", "077", "EG", "CAI"),
        f"HBE LXR HRG SSH {GULF} {SAUDI} BOM DEL AMM BEY BGW {EUROPE} {AFRICA} JFK EWR IAD YYZ BKK CAN PEK NRT",
        *(0.9, FULL, "2PC"),
    ),
    _carrier(
        *("RJ", "Royal Jordanian", "512", "JO", "AMM"),
        f"AQJ {GULF} {SAUDI} BOM DEL CAI BEY BGW NJF {EUROPE} BKK KUL JFK ORD IAD YUL",
        *(0.92, FULL, "2PC"),
    ),
    _carrier(
        *("ET", "Ethiopian Airlines", "071", "ET", "ADD"),
        f"{GULF} {SAUDI} DEL BOM BLR MAA HYD KHI DAC CAI BEY NBO DAR JNB CPT LOS ACC KRT EBB LHR CDG FRA FCO MXP MAD"
        " BRU CPH ARN VIE IST BKK SIN KUL HKG CAN PVG PEK ICN NRT EWR IAD ORD YYZ",
        *(0.9, FULL, "2PC"),
    ),
)
CARRIERS: dict[str, Carrier] = {carrier.code: carrier for carrier in _ALL}
