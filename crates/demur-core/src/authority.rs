//! Who supervises, in which country, and where the courts come in (Art. 12(4), 77 and 79).
//!
//! A refusal names the authority of the person's country. Someone may complain to the authority
//! where they live, where they work, or where the infringement took place (Art. 77(1)); a country
//! outside the EEA has none under the GDPR, and the caller then names the controller's lead
//! authority. Names and addresses follow the European Data Protection Board's list of its members, as
//! of September 2026.

use serde::Serialize;

/// A sentence shown to people, with a key by which it is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Key of the message.
    pub key: &'static str,
    /// The English text.
    pub english: &'static str,
}

/// An independent supervisory authority (Art. 51).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: &'static str,
    /// Its name as it writes it; one per official language, with ` / ` between them.
    pub name: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Its site, where a complaint can be made or is explained.
    pub web: &'static str,
    /// Where the national authority is not the only one.
    pub regional: Option<Regional>,
}

/// That authorities of a country's parts are competent too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Regional {
    /// For what they are competent.
    pub note: Sentence,
    /// The list of their addresses.
    pub web: &'static str,
}

/// § 40 of the German data protection act: private bodies are supervised by the Länder.
const GERMAN_LAENDER: Regional = Regional {
    note: Sentence {
        key: "authority-german-laender",
        english: "The federal commissioner supervises federal bodies and telecommunications and \
                  postal services. Other companies are supervised by the authority of a Land: \
                  complain to that of the Land where you live or where the company has its seat.",
    },
    web: "https://www.bfdi.bund.de/DE/Service/Anschriften/Laender/Laender-node.html",
};

const fn authority(
    country: &'static str,
    name: &'static str,
    english: &'static str,
    web: &'static str,
) -> Authority {
    Authority { country, name, english, web, regional: None }
}

/// The authorities of the EEA, by country code.
#[rustfmt::skip]
pub static AUTHORITIES: [Authority; 30] = [
    authority("AT", "Österreichische Datenschutzbehörde", "Austrian Data Protection Authority", "https://www.dsb.gv.at/"),
    authority("BE", "Gegevensbeschermingsautoriteit / Autorité de protection des données / Datenschutzbehörde", "Belgian Data Protection Authority", "https://www.autoriteprotectiondonnees.be/"),
    authority("BG", "Комисия за защита на личните данни", "Commission for Personal Data Protection", "https://cpdp.bg/"),
    authority("CY", "Γραφείο Επιτρόπου Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "Office of the Commissioner for Personal Data Protection", "https://www.dataprotection.gov.cy/"),
    authority("CZ", "Úřad pro ochranu osobních údajů", "Office for Personal Data Protection", "https://uoou.gov.cz/"),
    Authority {
        country: "DE",
        name: "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        english: "Federal Commissioner for Data Protection and Freedom of Information",
        web: "https://www.bfdi.bund.de/",
        regional: Some(GERMAN_LAENDER),
    },
    authority("DK", "Datatilsynet", "Danish Data Protection Agency", "https://www.datatilsynet.dk/"),
    authority("EE", "Andmekaitse Inspektsioon", "Estonian Data Protection Inspectorate", "https://www.aki.ee/"),
    authority("ES", "Agencia Española de Protección de Datos", "Spanish Data Protection Agency", "https://www.aepd.es/"),
    authority("FI", "Tietosuojavaltuutetun toimisto / Dataombudsmannens byrå", "Office of the Data Protection Ombudsman", "https://tietosuoja.fi/"),
    authority("FR", "Commission nationale de l'informatique et des libertés", "National Commission on Informatics and Liberty", "https://www.cnil.fr/"),
    authority("GR", "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "Hellenic Data Protection Authority", "https://www.dpa.gr/"),
    authority("HR", "Agencija za zaštitu osobnih podataka", "Croatian Personal Data Protection Agency", "https://azop.hr/"),
    authority("HU", "Nemzeti Adatvédelmi és Információszabadság Hatóság", "National Authority for Data Protection and Freedom of Information", "https://www.naih.hu/"),
    authority("IE", "An Coimisiún um Chosaint Sonraí / Data Protection Commission", "Data Protection Commission", "https://www.dataprotection.ie/"),
    authority("IS", "Persónuvernd", "Icelandic Data Protection Authority", "https://www.personuvernd.is/"),
    authority("IT", "Garante per la protezione dei dati personali", "Italian Data Protection Authority", "https://www.garanteprivacy.it/"),
    authority("LI", "Datenschutzstelle", "Data Protection Authority of Liechtenstein", "https://www.datenschutzstelle.li/"),
    authority("LT", "Valstybinė duomenų apsaugos inspekcija", "State Data Protection Inspectorate", "https://vdai.lrv.lt/"),
    authority("LU", "Commission nationale pour la protection des données", "National Commission for Data Protection", "https://cnpd.public.lu/"),
    authority("LV", "Datu valsts inspekcija", "Data State Inspectorate", "https://www.dvi.gov.lv/"),
    authority("MT", "Uffiċċju tal-Kummissarju għall-Informazzjoni u l-Protezzjoni tad-Data / Office of the Information and Data Protection Commissioner", "Office of the Information and Data Protection Commissioner", "https://idpc.org.mt/"),
    authority("NL", "Autoriteit Persoonsgegevens", "Dutch Data Protection Authority", "https://www.autoriteitpersoonsgegevens.nl/"),
    authority("NO", "Datatilsynet", "Norwegian Data Protection Authority", "https://www.datatilsynet.no/"),
    authority("PL", "Prezes Urzędu Ochrony Danych Osobowych", "President of the Personal Data Protection Office", "https://uodo.gov.pl/"),
    authority("PT", "Comissão Nacional de Proteção de Dados", "National Data Protection Commission", "https://www.cnpd.pt/"),
    authority("RO", "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal", "National Supervisory Authority for Personal Data Processing", "https://www.dataprotection.ro/"),
    authority("SE", "Integritetsskyddsmyndigheten", "Swedish Authority for Privacy Protection", "https://www.imy.se/"),
    authority("SI", "Informacijski pooblaščenec", "Information Commissioner of the Republic of Slovenia", "https://www.ip-rs.si/"),
    authority("SK", "Úrad na ochranu osobných údajov Slovenskej republiky", "Office for Personal Data Protection of the Slovak Republic", "https://dataprotection.gov.sk/"),
];

/// The authority of a country of the EEA (ISO 3166-1 alpha-2, in capitals); `None` elsewhere, where
/// the caller names the controller's lead authority.
#[must_use]
pub fn for_country(code: &str) -> Option<&'static Authority> {
    AUTHORITIES.iter().find(|authority| authority.country == code)
}

const COURT_IN_EEA: Sentence = Sentence {
    key: "court-route-eea",
    english: "You can also go to court (Article 79 GDPR): in the country where you habitually live, \
              or in one where the controller has an establishment.",
};

const COURT_ELSEWHERE: Sentence = Sentence {
    key: "court-route-elsewhere",
    english: "You can also go to court (Article 79 GDPR): in a country of the European Economic \
              Area where the controller has an establishment.",
};

/// The judicial remedy of someone who habitually lives in the country `code` (Art. 79(2)).
///
/// Who lives outside the EEA has no court of residence there, so only the controller's is named.
#[must_use]
pub fn court_route(code: &str) -> &'static Sentence {
    if for_country(code).is_some() { &COURT_IN_EEA } else { &COURT_ELSEWHERE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::{EEA_BEYOND_EU, EU};

    #[test]
    fn every_country_of_the_eea_has_one_authority() {
        let mut expected: Vec<_> = EU.into_iter().chain(EEA_BEYOND_EU).collect();
        expected.sort_unstable();
        assert_eq!(AUTHORITIES.map(|authority| authority.country).to_vec(), expected);
        for code in expected {
            assert_eq!(for_country(code).unwrap().country, code);
        }
        for unknown in ["US", "GB", "ie", "EU", ""] {
            assert_eq!(for_country(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn addresses_are_safe_to_follow_and_nobody_shares_one() {
        let mut sites: Vec<_> = AUTHORITIES.iter().map(|authority| authority.web).collect();
        sites.extend(AUTHORITIES.iter().filter_map(|a| a.regional.map(|regional| regional.web)));
        for site in &sites {
            let host = site.strip_prefix("https://").unwrap();
            assert!(host.contains('.') && host.contains('/') && site.is_ascii(), "{site}");
        }
        let count = sites.len();
        sites.sort_unstable();
        sites.dedup();
        assert_eq!(sites.len(), count);
    }

    #[test]
    fn names_are_there_in_both_languages() {
        for Authority { country, name, english, .. } in &AUTHORITIES {
            assert!(!name.is_empty() && name.trim() == *name, "{country}");
            assert!(english.is_ascii() && english.trim() == *english, "{country}");
        }
    }

    #[test]
    fn only_germany_has_regional_authorities_for_companies() {
        let with: Vec<_> = AUTHORITIES.iter().filter(|a| a.regional.is_some()).collect();
        assert_eq!(with.len(), 1);
        assert_eq!(with[0].country, "DE");
        assert!(GERMAN_LAENDER.note.english.contains("of a Land: complain"));
    }

    #[test]
    fn residence_opens_a_court_only_inside_the_eea() {
        assert!(court_route("IE").english.contains("where you habitually live"));
        assert!(!court_route("US").english.contains("live"));
        assert_ne!(court_route("NO").key, court_route("CH").key);
    }
}
