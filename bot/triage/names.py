"""Names that people use for drugs, countries and places, by the one name that we keep."""

from __future__ import annotations


def _by_name(table: str) -> dict[str, tuple[str, ...]]:
    """Read lines such as `Tysabri: natalizumab, tyruko`; the name itself is one of its own spellings."""
    found: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        name, _, others = (part.strip() for part in line.partition(":"))
        before = found.get(name, (name.casefold(),))
        found[name] = (*before, *(other.strip() for other in others.split(",") if other.strip()))
    return found


# Drugs against MS or its symptoms that a programme may ask about.
DRUGS = _by_name("""
    Tysabri: natalizumab, tyruko
    Ocrevus: ocrelizumab
    Kesimpta: ofatumumab
    Gilenya: fingolimod
    Tecfidera: dimethyl fumarate, dmf, vumerity
    Aubagio: teriflunomide
    Mavenclad: cladribine
    Lemtrada: alemtuzumab, campath
    Copaxone: glatiramer
    interferon: interferons, avonex, rebif, betaferon, betaseron, plegridy, extavia
    rituximab: rituxan, mabthera
    mitoxantrone: novantrone
    Zeposia: ozanimod
    Mayzent: siponimod
    Ponvory: ponesimod
    Briumvi: ublituximab
    Fampyra: ampyra, fampridine, dalfampridine
""")

# The countries of docs/knowledge.md, with their regions and the cities that cannot be anywhere else.
COUNTRIES = _by_name("""
    UK: united kingdom, great britain, britain, england, scotland, wales, northern ireland, london, manchester
    UK: sheffield, birmingham, leeds, glasgow, edinburgh, cardiff, belfast, bristol, liverpool
    Ireland: republic of ireland, dublin, cork, galway
    US: usa, united states, america, the states, texas, california, florida, new york, ohio, chicago, illinois
    US: michigan, georgia, colorado, arizona, pennsylvania, massachusetts, boston, seattle, oregon, north carolina
    US: south carolina, virginia, tennessee, minnesota, wisconsin, utah, nevada, missouri, alabama, louisiana
    US: kentucky, indiana, maryland, new jersey, oklahoma, iowa, kansas
    Canada: ontario, toronto, ottawa, alberta, calgary, british columbia, vancouver, quebec, montreal, manitoba
    Canada: nova scotia, saskatchewan
    Australia: aus, oz, sydney, melbourne, brisbane, perth, adelaide, queensland, nsw, new south wales, tasmania
    New Zealand: nz, auckland, wellington, christchurch
    Germany: berlin, munich, hamburg
    France: paris
    Italy: rome, milan
    Sweden: stockholm
    Norway: oslo, bergen
    Denmark: copenhagen
    Netherlands: holland, amsterdam
    Poland: warsaw, katowice
    Switzerland: zurich
    Spain: madrid, barcelona
    Mexico:
    Russia: moscow
    India: mumbai, delhi
    Israel:
    Turkey: istanbul
""")
NOT_PLACES = frozenset({"us"})  # "us" in small letters is people; the country is looked for in capitals
