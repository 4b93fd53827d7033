# Deutsch. Die Kennungen sind nach Seiten geordnet; dieselbe Sache heißt überall gleich.

## Sprache, Datum, Zahlen

language-name = Deutsch
format-date = { $day }. { $month } { $year }
format-month = { $month } { $year }
format-time = { $hour }:{ $minute } Uhr
format-date-time = { $date }, { $time }
format-thousands = .
format-grouping-from = 4
format-decimal = ,
format-percent = { $number } %
format-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
month-alone-1 = Januar
month-alone-2 = Februar
month-alone-3 = März
month-alone-4 = April
month-alone-5 = Mai
month-alone-6 = Juni
month-alone-7 = Juli
month-alone-8 = August
month-alone-9 = September
month-alone-10 = Oktober
month-alone-11 = November
month-alone-12 = Dezember

## Wörter aller Seiten

action-object = Widersprechen
action-leave = So belassen
action-withdraw = Widerspruch zurücknehmen
action-continue = Weiter
action-back = Zurück
action-case = Fall öffnen
scope-public-content = Was Sie veröffentlicht haben
scope-public-content-about = Ihre öffentlichen Beiträge, Kommentare, Fotos und Videos mit ihren Beschriftungen, in allen Ihren Konten hier.
scope-ai-interactions = Was Sie KI-Funktionen mitgeteilt haben
scope-ai-interactions-about = Ihre Fragen, Anweisungen und Uploads an KI-Funktionen der Plattform und deren Antworten.
scope-third-party = Was andere über Sie veröffentlicht haben
scope-third-party-about = Öffentliche Inhalte anderer Personen, die Sie nennen oder zeigen.
scope-record = Ein einzelner Inhalt
scope-record-about = Ein Beitrag, Kommentar, Foto oder Gespräch, das Sie mit Adresse oder Nummer angeben.
kind-post = Beiträge
kind-comment = Kommentare
kind-photo = Fotos und ihre Beschriftungen
kind-video = Videos und ihre Beschriftungen
kind-story = Storys
kind-ai-interaction = Gespräche mit KI-Funktionen
status-received = Eingegangen
status-received-about = Ihr Widerspruch ist eingegangen. Die betroffenen Daten werden gespeichert, aber nicht verwendet.
status-under-review = In Prüfung
status-under-review-about = Eine Person prüft Ihren Widerspruch. Die betroffenen Daten werden gespeichert, aber nicht verwendet.
status-approved = Stattgegeben
status-approved-about = Ihrem Widerspruch wurde stattgegeben. Die betroffenen Daten werden nicht mehr verwendet.
status-refused = Abgelehnt
status-refused-about = Ihr Widerspruch wurde abgelehnt. Das Schreiben nennt die Gründe und sagt, wo Sie sich beschweren können.
status-withdrawn = Zurückgenommen
status-withdrawn-about = Sie haben Ihren Widerspruch zurückgenommen. Sie können jederzeit erneut widersprechen.
status-searching-about = Eine Person sucht die Inhalte, die Sie meinen. Sobald wir wissen, welche es sind, werden sie gespeichert, aber nicht verwendet.
status-searched-about = Ihrem Widerspruch wurde stattgegeben. Die Inhalte, die wir gefunden haben, werden nicht mehr verwendet.

## Rahmen aller Seiten

site-skip = Zum Inhalt springen
site-privacy = Datenschutzbereich
site-notice = Öffentliche Information
site-figures = Zahlen zu Widersprüchen
site-no-account = Ohne Konto widersprechen
site-language = Sprache
site-navigation = Seiten
site-contact = Kontakt zum Datenschutz: { $contact }

## Direkter Link

link-title = Der Verwendung Ihrer Daten widersprechen
link-intro = { $controller } möchte ab dem { $starts } Daten über Sie für den Zweck „{ $purpose }“ verwenden. Hier können Sie widersprechen.
link-happens-title = Was geschieht, wenn Sie widersprechen
link-happens-restricted = Von diesem Moment an werden die Daten gespeichert, aber nicht mehr für diesen Zweck verwendet (Art. 18 Abs. 1 Buchst. d DSGVO).
link-happens-review = Wir prüfen den Widerspruch und antworten innerhalb eines Monats, per E-Mail und auf einer eigenen Seite für Sie.
link-happens-automatic = Dem Widerspruch wird sofort stattgegeben. Wir bestätigen das per E-Mail und auf einer eigenen Seite für Sie.
link-happens-removed = Wird ihm stattgegeben, werden die Daten aus Trainingsdaten entfernt und in keinem späteren Training verwendet.
link-happens-accounts = Er gilt für alle Ihre Konten hier.
link-happens-back = Sie können ihn jederzeit zurücknehmen.
link-covers-title = Was der Widerspruch umfasst
link-no-reason = Sie müssen keinen Grund angeben.
link-more = Enger oder weiter fassen
link-privacy = Datenschutzbereich öffnen
link-privacy-about = Dort sehen Sie Ihren Stand und können einzelnen Inhalten widersprechen. Sie müssen sich dafür nicht anmelden.
link-done-title = Ihr Widerspruch ist eingegangen
link-done = Er gilt ab dem { $date }. Seine Nummer ist { $case }.
link-already-title = Sie haben bereits widersprochen
link-already = Ihr Widerspruch vom { $date } hat die Nummer { $case }. Mehr ist nicht zu tun.
link-left-title = Es hat sich nichts geändert
link-left = Sie haben nicht widersprochen. Sie können das jederzeit tun, über diesen Link oder im Datenschutzbereich.
link-invalid-title = Dieser Link funktioniert nicht mehr
link-invalid = Er ist abgelaufen oder unvollständig. Sie können hier trotzdem widersprechen: Geben Sie Ihre E-Mail-Adresse ein, dann senden wir Ihnen einen Code.

## Datenschutzbereich

privacy-title = Datenschutzbereich
privacy-intro = Hier sehen Sie, wofür Daten über Sie verwendet werden, und können widersprechen (Art. 21 DSGVO).
privacy-used-title = Was wofür verwendet wird
privacy-used = { $controller } verwendet ab dem { $starts } Folgendes für den Zweck „{ $purpose }“:
privacy-basis = Rechtsgrundlage sind berechtigte Interessen (Art. 6 Abs. 1 Buchst. f DSGVO).
privacy-not-used = Private Nachrichten zwischen Personen und nicht öffentliche Inhalte werden nicht verwendet, ebenso wenig Daten von Personen unter { $age } Jahren.
privacy-none = Derzeit gibt es keinen Zweck, dem Sie hier widersprechen können.
privacy-state-title = Ihr Stand
privacy-state-none = Sie haben nicht widersprochen.
privacy-state-objected = Sie haben am { $date } widersprochen. Status: { $status }.
privacy-state-signal = Ihr Browser sendet das Signal „Global Privacy Control“. Es ist als Ihr Widerspruch erfasst (Art. 21 Abs. 5 DSGVO).
privacy-accounts = { $count ->
    [one] Ihr Widerspruch gilt für Ihr Konto.
   *[other] Ihr Widerspruch gilt für alle Ihre { $count } Konten hier.
}
privacy-object-title = Widersprechen
privacy-scopes = Wogegen richtet sich der Widerspruch?
privacy-record-label = Adresse oder Nummer des Inhalts
privacy-record-hint = Ein Inhalt je Zeile. Die Adresse finden Sie im Browser oder unter „Teilen“.
privacy-grounds-label = Ihre Gründe (freiwillig)
privacy-grounds-hint = Sie müssen keinen Grund angeben. Wenn Sie einen nennen, liest ihn eine Person.
privacy-advised = Wir empfehlen, bis zum { $date } zu widersprechen. Ein späterer Widerspruch ist auf dieselbe Weise möglich.
privacy-later = Die Verwendung hat am { $starts } begonnen. Sie können ebenso widersprechen wie zuvor; die Seite zu Ihrem Fall sagt, was der Widerspruch umfasst.
privacy-choose = Wählen Sie mindestens eine der Möglichkeiten.
privacy-record-missing = Geben Sie die Adresse oder Nummer des Inhalts ein.
privacy-left = Es hat sich nichts geändert. Sie haben nicht widersprochen und können das jederzeit tun.
privacy-withdraw-title = Zurücknehmen
privacy-withdraw = Wenn Sie den Widerspruch zurücknehmen, dürfen die Daten wieder für den Zweck „{ $purpose }“ verwendet werden. Sie können jederzeit erneut widersprechen.
privacy-withdrawn = Ihr Widerspruch ist zurückgenommen.
privacy-sign-in-title = Damit wir wissen, um wessen Daten es geht
privacy-sign-in = Melden Sie sich an, verwenden Sie den Link aus unserer E-Mail oder lassen Sie sich einen Code an Ihre E-Mail-Adresse senden. Eines davon genügt.
privacy-sign-in-button = Anmelden
sign-in-failed-title = Die Anmeldung hat nicht funktioniert
sign-in-down = Der Anmeldedienst antwortet zurzeit nicht. Bitte versuchen Sie es in einigen Minuten erneut, oder verwenden Sie den Link aus unserer E-Mail oder einen Code an Ihre E-Mail-Adresse.
sign-in-failed = Wir konnten nicht bestätigen, wer Sie sind. Es hat sich nichts geändert. Bitte versuchen Sie es erneut, oder verwenden Sie den Link aus unserer E-Mail oder einen Code an Ihre E-Mail-Adresse.
sign-in-unknown-title = Kein Konto gefunden
sign-in-unknown = Zu Ihrer Anmeldung gibt es hier kein Konto. Sie können trotzdem ohne Konto widersprechen.
sign-in-again = Erneut versuchen
privacy-sign-in-without = Verwenden Sie den Link aus unserer E-Mail oder lassen Sie sich einen Code an Ihre E-Mail-Adresse senden. Eines davon genügt.
privacy-way-link-title = Ihren persönlichen Link verwenden
privacy-way-link = Unsere E-Mail zu Ihrem Widerspruchsrecht enthält einen Link, der nur für Sie ist. Öffnen Sie ihn, mehr brauchen Sie nicht.
privacy-way-code-title = Einen Code per E-Mail erhalten
privacy-way-none = Zum Widersprechen brauchen Sie kein Konto.
privacy-code-title = Code eingeben
privacy-choose-title = Ihr Konto wählen
privacy-choose-about = Zu dieser E-Mail-Adresse gehören Konten mehrerer Personen.
privacy-choose-label = Konto
privacy-choose-account = Wählen Sie eines der Konten.
privacy-sign-out = Abmelden
privacy-covered = Ihr Widerspruch umfasst alles, was Sie hier wählen können. Mehr ist nicht zu tun.
privacy-items-title = Nur einzelnen Inhalten widersprechen
privacy-items-check = Geben Sie je Zeile eine Adresse oder Nummer ein, höchstens { $count } auf einmal.
privacy-signal-noted = Ihr Browser sendet das Signal „Global Privacy Control“. Es ist vermerkt, gilt aber nicht als Widerspruch. Sie können auf dieser Seite widersprechen.

## Seite zum Fall

case-title = Fall { $case }
case-status = Status
case-received = Eingegangen am
case-due = Antwort spätestens am
case-due-extended = Antwort spätestens am (verlängert)
case-restricted = Gespeichert, aber nicht verwendet seit
case-covers = Was er umfasst
case-purpose = Zweck
case-wrote = Was Sie geschrieben haben
case-stays-title = Was verwendbar bleibt und warum
case-stays-nothing = Von den Daten, die Ihr Widerspruch umfasst, bleibt nichts verwendbar.
case-stays-scopes = Was Ihr Widerspruch nicht umfasst: { $scope }.
case-stays-record = Dieser Widerspruch umfasst einen einzelnen Inhalt. Für alles andere ändert er nichts.
case-stays-mentioned-keep = Inhalte anderer Personen, die Sie erwähnen, bleiben verwendbar: Es sind auch deren Inhalte. Einem einzelnen Inhalt können Sie gesondert widersprechen.
case-stays-mentioned-redact = Inhalte anderer Personen, die Sie erwähnen, bleiben ohne Ihren Namen verwendbar.
case-stays-mentioned-drop = Inhalte anderer Personen, die Sie erwähnen, werden nicht verwendet.
case-stays-depicted-keep = Fotos anderer Personen, die Sie zeigen, bleiben verwendbar. Einem einzelnen Foto können Sie gesondert widersprechen.
case-stays-depicted-redact = Fotos anderer Personen, die Sie zeigen, bleiben ohne Ihren Namen verwendbar.
case-stays-depicted-drop = Fotos anderer Personen, die Sie zeigen, werden nicht verwendet.
case-stays-runs = Ein Training, das beendet war, bevor Ihr Widerspruch galt, wird durch ihn nicht rückgängig gemacht. In späterem Training werden die Daten nicht mehr verwendet.
case-sets-title = Trainingsdaten und Trainingsläufe
case-sets-none = Bevor Ihr Widerspruch galt, wurden keine Trainingsdaten erstellt.
case-sets-before = Diese Trainingsdaten wurden erstellt, als Ihr Widerspruch nicht galt. Sie können Daten von Ihnen enthalten oder enthalten haben:
case-sets-after = Diese Trainingsdaten wurden erstellt, als Ihr Widerspruch galt, und enthalten nichts von dem, was er umfasst: { $names }.
case-set = Trainingsdaten
case-set-made = Erstellt am
case-set-rows = Inhalte von Ihnen darin
case-set-hidden = Nicht mehr verwendet seit
case-set-erased = Gelöscht am
case-set-open = Noch nicht
case-set-gone = Als Ganzes entfernt
case-runs = Diese Trainingsläufe haben jene Trainingsdaten gelesen, bevor das, was Ihr Widerspruch umfasst, daraus entfernt wurde:
case-run = Trainingslauf
case-run-began = Begonnen am
case-run-ended = Beendet am
case-decision-title = Entscheidung
case-decision-none = Es gibt noch keine Entscheidung.
case-decision-approved = Stattgegeben am { $date }.
case-decision-approved-by = Stattgegeben am { $date } von { $reviewer }.
case-decision-rule = Eine Regel hat entschieden: Für diesen Zweck wird jedem Widerspruch gegen die Verwendung eigener Daten stattgegeben.
case-decision-refused = Abgelehnt am { $date } von { $reviewer }.
case-letters-title = Schreiben
case-letter-title = Schreiben vom { $date }
case-letter = Schreiben lesen
case-receipt-title = Beleg
case-receipt = Beleg herunterladen
case-receipt-about = Mit dieser Datei lässt sich später prüfen, dass Ihr Widerspruch verzeichnet wurde, ohne uns zu fragen.
case-recipients-title = Wer unterrichtet wurde
case-recipients-none = Die Daten wurden an niemanden weitergegeben.
case-recipients = Die Daten wurden an diese Empfänger weitergegeben. Wir unterrichten sie über Einschränkung und Löschung (Art. 19 DSGVO).
case-recipient = Empfänger
case-recipient-restricted = Über die Einschränkung unterrichtet am
case-recipient-erased = Über die Löschung unterrichtet am
case-recipient-lifted = Über das Ende der Einschränkung unterrichtet am
case-complain-title = Beschwerde
case-complain = Sie können sich jederzeit bei einer Aufsichtsbehörde beschweren (Art. 77 DSGVO). Für Ihr Land ist das:
case-complain-any = Sie können sich jederzeit bei einer Aufsichtsbehörde beschweren (Art. 77 DSGVO): in dem Land, in dem Sie leben oder arbeiten oder in dem der Verstoß stattfand.
case-complain-country = Wir wissen nicht, in welchem Land Sie leben.
case-complain-lead = Die Behörde des Landes, aus dem wir antworten, ist:
case-complain-all = Behörden aller Staaten
case-complain-link = Zur Behörde
case-again-title = Etwas ergänzen oder um erneute Prüfung bitten
case-again = Wenn sich etwas geändert hat, können Sie uns das mitteilen. Dann sieht sich eine Person den Fall noch einmal an.
case-again-label = Was hat sich geändert?
case-again-button = Absenden

## Behörden und Gerichte

authority-german-laender = Die Bundesbeauftragte beaufsichtigt Bundesbehörden sowie Telekommunikations- und Postdienste. Andere Unternehmen werden von der Behörde eines Landes beaufsichtigt: Beschweren Sie sich bei der des Landes, in dem Sie wohnen oder in dem das Unternehmen seinen Sitz hat.
authority-german-laender-link = Behörden der Länder
court-route-eea = Sie können auch vor Gericht gehen (Art. 79 DSGVO): in dem Land, in dem Sie Ihren gewöhnlichen Aufenthalt haben, oder in einem, in dem der Verantwortliche eine Niederlassung hat.
court-route-elsewhere = Sie können auch vor Gericht gehen (Art. 79 DSGVO): in einem Land des Europäischen Wirtschaftsraums, in dem der Verantwortliche eine Niederlassung hat.

## Öffentliche Information (Art. 14)

public-title = Wie Daten für den Zweck „{ $purpose }“ verwendet werden
public-right-title = Ihr Widerspruchsrecht
public-right = Sie können dieser Verwendung Ihrer Daten jederzeit widersprechen (Art. 21 DSGVO). Sie müssen keinen Grund angeben und brauchen kein Konto.
public-controller = Verantwortlicher
public-contact = Kontakt zum Datenschutz
public-purpose = Wofür
public-interest = Verfolgtes berechtigtes Interesse
public-basis = Rechtsgrundlage
public-starts = Beginn der Verwendung
public-what = Welche Daten
public-source = Woher die Daten stammen
public-source-text = Aus dem, was Personen auf der Plattform selbst veröffentlichen, aus dem, was andere dort über sie veröffentlichen, und aus Gesprächen mit KI-Funktionen.
public-recipients = Empfänger
public-recipients-none = Die Daten werden an niemanden weitergegeben.
public-transfers = Übermittlung in Länder außerhalb des Europäischen Wirtschaftsraums
public-retention = Speicherdauer
public-rights = Ihre weiteren Rechte
public-rights-text = Sie haben auch das Recht auf Auskunft, Berichtigung, Löschung und Einschränkung der Verarbeitung (Art. 15 bis 18 DSGVO) und das Recht auf Beschwerde bei einer Aufsichtsbehörde (Art. 77 DSGVO).
public-decisions = Allein auf dieser Verwendung beruht keine Entscheidung über Sie (Art. 22 DSGVO).
public-documents = Unterlagen
public-document-balancing = Interessenabwägung
public-document-interest = Berechtigtes Interesse
public-document-necessity = Erforderlichkeit
public-document-dpia = Datenschutz-Folgenabschätzung

## Ohne Konto

form-title = Ohne Konto widersprechen
form-intro = Mit diesem Formular können Sie der Verwendung von Inhalten, die Sie nennen oder zeigen, oder einzelner Inhalte widersprechen.
form-email-label = E-Mail-Adresse
form-email-hint = Wir verwenden sie, um Ihnen einen Code und die Antwort zu senden, und für nichts anderes.
form-email-invalid = Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.
form-email-button = Code senden
form-errors = Etwas fehlt oder passt nicht
form-too-long = Schreiben Sie höchstens { $count } Zeichen.
form-code-to = Ihre E-Mail-Adresse: { $email }
form-check-title = Bitte prüfen Sie Ihre Eingaben
form-code-sent = Wenn die Adresse stimmt, ist ein Code unterwegs. Er gilt { $minutes } Minuten.
form-code-label = Code aus der E-Mail
form-code-invalid = Dieser Code passt nicht oder gilt nicht mehr. Prüfen Sie ihn oder lassen Sie sich einen neuen senden.
form-code-again = Neuen Code senden
form-code-subject = Ihr Code: { $code }
form-code-mail = Ihr Code ist { $code }. Er gilt { $minutes } Minuten. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.
code-none-subject = Zu dieser E-Mail-Adresse gibt es kein Konto
code-none = Jemand hat im Datenschutzbereich von { $controller } einen Code für diese E-Mail-Adresse angefordert. Hier gibt es zu dieser Adresse kein Konto und deshalb keinen Code. Wenn Sie es waren, können Sie ohne Konto widersprechen.
code-none-ignore = Wenn Sie es nicht waren, müssen Sie nichts tun.
form-about-label = Worum geht es in dem Widerspruch?
form-about-own = Was ich hier veröffentlicht und zu KI-Funktionen gesagt habe
form-about-own-hint = Auf allen Konten hier, die diese E-Mail-Adresse haben.
form-about-items = Einzelne Inhalte
form-about-mentions = Alle Inhalte, die mich nennen oder zeigen
form-items-many = Geben Sie höchstens { $count } Inhalte auf einmal an. Danach können Sie weitere angeben.
form-item-long = Eine Adresse oder Nummer hat höchstens { $count } Zeichen. Schreiben Sie einen Inhalt je Zeile.
form-name-label = Wie andere Sie nennen (freiwillig)
form-name-hint = Namen oder Kontonamen, unter denen wir Inhalte über Sie finden können. Ohne sie können wir möglicherweise nicht erkennen, welche Inhalte gemeint sind (Art. 11 DSGVO).
form-done-title = Ihr Widerspruch ist eingegangen
form-done = Wir haben ihn unter der Nummer { $case } vermerkt und antworten bis zum { $due } per E-Mail.
form-done-many = Wir haben Ihre { $count } Widersprüche unter diesen Nummern vermerkt und antworten bis zum { $due } per E-Mail.
form-more = Noch etwas anderem widersprechen
form-limit = Von dieser E-Mail-Adresse sind heute viele Widersprüche gekommen; alle sind vermerkt. Was unten steht, ist noch nicht gesendet. Sie können es morgen senden oder an { $contact } schreiben.
form-received = Vielen Dank. Wenn wir die Anfrage zuordnen können, erhalten Sie dazu eine E-Mail.
route-title = Sie handeln für jemand anderen oder können sich nicht anmelden
route-intro = Was Sie hier schreiben, liest eine Person bei { $controller } und antwortet bis zum { $due }.
route-guardian = Für ein Kind oder eine Person, die ich vertrete
route-heir = Für eine verstorbene Person
route-locked-out = Ich komme nicht in mein Konto
route-page-author = Ich schreibe für eine Seite oder Gruppe
route-output = Eine KI-Ausgabe enthält Daten über mich
route-other = Etwas anderes
route-message-label = Worum geht es?
route-message-hint = Bitte fügen Sie keine Ausweisdokumente bei. Wenn wir noch etwas brauchen, fragen wir nach.
route-message-missing = Schreiben Sie, worum es geht.
route-button = Nachricht senden
route-done = Ihre Nachricht ist eingegangen. Eine Person antwortet bis zum { $due }.

## Zahlen zu Widersprüchen

figures-title = Zahlen zu Widersprüchen
figures-intro = Diese Zahlen stammen aus dem Verzeichnis der Widersprüche. Stand: { $date }.
figures-received = Eingegangen
figures-approved = Stattgegeben
figures-refused = Abgelehnt
figures-withdrawn = Zurückgenommen
figures-open = Offen
figures-grounds = Abgelehnt, nach Grund
figures-answer = Zeit bis zur Antwort
figures-effect = Zeit, bis nicht mehr verwendet wird
figures-median = Die Hälfte der Fälle: höchstens
figures-p95 = 95 von 100 Fällen: höchstens
figures-sent = Versandte Mitteilungen
figures-bounced = Nicht zugestellte Mitteilungen
figures-over-time = Im Zeitverlauf
figures-small = weniger als { $count }
figures-small-about = Kleine Zahlen werden nicht gezeigt, damit niemand erkennbar ist.
figures-download = Als Datei herunterladen
figures-standing = Jeder Widerspruch zählt einmal, nach seinem jetzigen Stand.
figures-none = Bisher gibt es keine Widersprüche.
figures-withheld = nicht gezeigt
figures-withheld-about = „Nicht gezeigt“ steht dort, wo sich eine kleine Zahl aus den anderen errechnen ließe.
figures-month = Monat
figures-earlier = Früher
figures-number = Anzahl
figures-table = Als Tabelle zeigen
figures-chart = Balken nach Monaten, { $from } bis { $until }. Höchste gezeigte Zahl: { $number }, im Monat { $month }.
figures-chart-unknown = Ein Fragezeichen steht für eine Zahl, die klein ist oder nicht gezeigt wird.
figures-times = Wie lange es dauert
figures-times-about = Ein Widerspruch wirkt, wenn die betroffenen Daten nirgends mehr verwendet werden: Er ist im Verzeichnis eingetragen, von da an entsteht nichts Neues mit diesen Daten, und aus vorher erstellten Trainingsdaten sind sie entfernt. „Noch nicht“ steht da, wo zu viele Widersprüche noch darauf warten. Zeiten sind aufgerundet.
figures-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
figures-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
figures-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
figures-sources = Eingegangen, nach Weg
figures-source-link = Link in einer Mitteilung
figures-source-agent = Software, die für die Person handelt
figures-source-staff = Vom Personal eingetragen
figures-source-import = Aus einem anderen System übernommen
figures-scopes = Eingegangen, nach betroffenen Daten
figures-notices = Mitteilungen
figures-ground-legal-claims = Rechtsansprüche
figures-ground-public-interest = Wichtiges öffentliches Interesse
figures-ground-security = Sicherheit von Menschen oder Systemen
figures-ground-research = Forschung oder Statistik
figures-ground-freedom-of-expression = Freiheit der Meinungsäußerung und Information
figures-ground-other = Andere Gründe

## Fehlerseiten

error-404-title = Diese Seite gibt es nicht
error-404 = Prüfen Sie die Adresse. Im Datenschutzbereich können Sie jederzeit widersprechen.
error-403-title = Sie können diese Seite nicht öffnen
error-403 = Sie gehört zu einer anderen Person, oder Ihre Sitzung ist beendet. Im Datenschutzbereich können Sie sich erneut anmelden.
error-405-title = Das geht auf dieser Seite nicht
error-405 = Öffnen Sie die Seite erneut und verwenden Sie ihre Schaltflächen.
error-expired-title = Dieses Formular ist zu alt
error-expired = Es wurde nichts gesendet. Öffnen Sie die Seite erneut und wiederholen Sie den Schritt.
error-429-title = Zu viele Anfragen
error-429 = Bitte warten Sie { $seconds ->
    [one] { $seconds } Sekunde
   *[other] { $seconds } Sekunden
} und versuchen Sie es erneut. Es ist nichts verloren.
error-500-title = Bei uns ist ein Fehler aufgetreten
error-500 = Möglicherweise wurde Ihre Anfrage nicht erfasst. Bitte versuchen Sie es erneut oder schreiben Sie an { $contact }.
error-503-title = Zurzeit nicht verfügbar
error-503 = Bitte versuchen Sie es in einigen Minuten erneut. Für einen Widerspruch gibt es keine Frist.

## Mitteilung

notice-subject = Ihr Widerspruchsrecht: { $purpose }
notice-title = Ihr Widerspruchsrecht
notice-right = Sie haben das Recht, jederzeit dagegen Widerspruch einzulegen, dass { $controller } Ihre personenbezogenen Daten für den Zweck „{ $purpose }“ verwendet (Art. 21 Abs. 1 DSGVO).
notice-no-reason = Sie müssen keinen Grund angeben und sich nicht anmelden.
notice-button = Widersprechen
notice-button-about = Der Link öffnet eine Seite, die sagt, was geschehen wird. Erst mit der Schaltfläche auf dieser Seite widersprechen Sie.
notice-advised = Wir empfehlen, bis zum { $date } zu widersprechen. Ein späterer Widerspruch ist auf dieselbe Weise möglich, mit demselben Link oder im Datenschutzbereich.
notice-leave = Wenn Sie es so belassen möchten, müssen Sie nichts tun.
notice-about-title = Was geplant ist
notice-about = Ab dem { $starts } verwendet { $controller } folgende Daten über Sie für den Zweck „{ $purpose }“:
notice-minors = Daten von Personen unter { $age } Jahren werden nicht verwendet.
notice-happens-title = Was geschieht, wenn Sie widersprechen
notice-third-party = Inhalte anderer Personen über Sie sind im Datenschutzbereich eine eigene Möglichkeit.
notice-details-title = Information nach Art. 13 und 14 DSGVO
notice-basis = berechtigte Interessen (Art. 6 Abs. 1 Buchst. f DSGVO)
notice-privacy = Datenschutzbereich
notice-public = Vollständige Information
notice-why = Sie erhalten diese Mitteilung, weil Sie ein Konto bei { $controller } haben. Sie ist keine Werbung.

## Schreiben

letter-about = Fall { $case }, Zweck „{ $purpose }“
letter-case-link = Fall öffnen
letter-case-hint = Auf der Seite zum Fall sehen Sie den Status und können den Widerspruch zurücknehmen oder sich beschweren.
letter-covers = Ihr Widerspruch umfasst:
letter-record = den Inhalt { $record }
letter-closing = { $controller }, Datenschutz
letter-contact = Kontakt: { $contact }
letter-again = Sie können jederzeit erneut widersprechen. Sie müssen keinen Grund angeben.
letter-receipt-subject = Ihr Widerspruch ist eingegangen (Fall { $case })
letter-receipt-title = Ihr Widerspruch ist eingegangen
letter-receipt = Wir haben Ihren Widerspruch am { $received } erhalten.
letter-receipt-restricted = Seit dem { $since } ist die Verarbeitung der betroffenen Daten eingeschränkt: Sie werden gespeichert, aber nicht für diesen Zweck verwendet, bis wir entschieden haben (Art. 18 Abs. 1 Buchst. d DSGVO).
letter-receipt-search = Eine Person sucht die Inhalte, die Sie meinen. Sobald wir wissen, welche es sind, werden sie gespeichert, aber nicht für diesen Zweck verwendet, bis wir entschieden haben (Art. 18 Abs. 1 Buchst. d DSGVO).
letter-receipt-more = Wir haben diese Widersprüche vermerkt:
letter-receipt-due = Wir antworten bis zum { $due }.
letter-receipt-lifted = Bevor die Einschränkung aufgehoben wird, unterrichten wir Sie (Art. 18 Abs. 3 DSGVO).
letter-approval-subject = Ihrem Widerspruch wurde stattgegeben (Fall { $case })
letter-approval-title = Ihrem Widerspruch wurde stattgegeben
letter-approval = Am { $decided } haben wir Ihrem Widerspruch vom { $received } stattgegeben.
letter-approval-effect = Die betroffenen Daten werden nicht mehr für diesen Zweck verwendet (Art. 21 Abs. 1 DSGVO). Was bereits in Trainingsdaten enthalten ist, wird nicht mehr verwendet und gelöscht (Art. 17 Abs. 1 Buchst. c DSGVO). Die Seite zum Fall nennt die Tage.
letter-approval-search = Die Inhalte, die wir gefunden haben, werden nicht mehr für diesen Zweck verwendet (Art. 21 Abs. 1 DSGVO). Was davon bereits in Trainingsdaten enthalten ist, wird nicht mehr verwendet und gelöscht (Art. 17 Abs. 1 Buchst. c DSGVO). Wenn Sie weitere finden, können Sie diesen einzeln widersprechen.
letter-approval-recipients = Wir unterrichten diejenigen, an die die Daten weitergegeben wurden (Art. 19 DSGVO).
letter-refusal-subject = Unsere Entscheidung über Ihren Widerspruch (Fall { $case })
letter-refusal-title = Ihr Widerspruch wurde abgelehnt
letter-refusal = { $reviewer } hat Ihren Widerspruch vom { $received } geprüft und am { $decided } abgelehnt.
letter-refusal-grounds = Nach unserer Bewertung überwiegen zwingende schutzwürdige Gründe Ihre Interessen, Rechte und Freiheiten (Art. 21 Abs. 1 DSGVO). Das sind die Gründe:
letter-refusal-lifted = Die Einschränkung der Verarbeitung Ihrer Daten endet am { $lifted } (Art. 18 Abs. 3 DSGVO). Bis dahin werden die Daten nicht verwendet.
letter-refusal-complain-title = Was Sie tun können
letter-refusal-complain = Wenn Sie nicht einverstanden sind, können Sie sich bei der Aufsichtsbehörde beschweren (Art. 77 DSGVO):
letter-extension-subject = Wir brauchen mehr Zeit für Ihren Widerspruch (Fall { $case })
letter-extension-title = Wir brauchen mehr Zeit für Ihren Widerspruch
letter-extension = Ihr Widerspruch vom { $received } war bis zum { $due } zu beantworten. Wir verlängern diese Frist bis zum { $until } (Art. 12 Abs. 3 DSGVO).
letter-extension-reasons = Das sind die Gründe:
letter-extension-restricted = Bis wir entschieden haben, werden die Daten gespeichert, aber nicht für diesen Zweck verwendet.
letter-extension-complain = Wenn Sie mit der Verlängerung nicht einverstanden sind, können Sie sich bei der Aufsichtsbehörde beschweren (Art. 77 DSGVO):
letter-withdrawal-subject = Ihr Widerspruch ist zurückgenommen (Fall { $case })
letter-withdrawal-title = Ihr Widerspruch ist zurückgenommen
letter-withdrawal = Am { $withdrawn } haben Sie Ihren Widerspruch vom { $received } zurückgenommen.
letter-withdrawal-effect = Die Daten, die er umfasste, dürfen wieder für diesen Zweck verwendet werden.
letter-withdrawal-mistake = Wenn nicht Sie den Widerspruch zurückgenommen haben, widersprechen Sie auf der Seite zum Fall erneut oder schreiben Sie uns.
letter-lifting-subject = Die Einschränkung der Verarbeitung Ihrer Daten endet (Fall { $case })
letter-lifting-title = Die Einschränkung der Verarbeitung Ihrer Daten endet
letter-lifting = Wir unterrichten Sie vorab: Die Einschränkung der Verarbeitung der Daten, die Ihr Widerspruch vom { $received } umfasst, endet am { $lifted } (Art. 18 Abs. 3 DSGVO).
letter-lifting-refused = Der Grund ist, dass Ihr Widerspruch am { $decided } abgelehnt wurde. Das Schreiben dazu nennt die Gründe.
letter-lifting-withdrawn = Der Grund ist, dass Sie Ihren Widerspruch am { $decided } zurückgenommen haben.
letter-lifting-effect = Ab diesem Tag dürfen die Daten für diesen Zweck verwendet werden.
