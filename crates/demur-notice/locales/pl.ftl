# Polski. Identyfikatory są pogrupowane według stron; ta sama rzecz wszędzie nazywa się tak samo.

## Język, daty, liczby

language-name = Polski
format-date = { $day } { $month } { $year }
format-month = { $month } { $year }
format-time = { $hour }:{ $minute }
format-date-time = { $date }, { $time }
format-thousands = {"\u00A0"}
format-grouping-from = 5
format-decimal = ,
format-percent = { $number }%
format-days = { $count ->
    [one] { $count } dzień
    [few] { $count } dni
    [many] { $count } dni
   *[other] { $count } dnia
}
month-1 = stycznia
month-2 = lutego
month-3 = marca
month-4 = kwietnia
month-5 = maja
month-6 = czerwca
month-7 = lipca
month-8 = sierpnia
month-9 = września
month-10 = października
month-11 = listopada
month-12 = grudnia
month-alone-1 = styczeń
month-alone-2 = luty
month-alone-3 = marzec
month-alone-4 = kwiecień
month-alone-5 = maj
month-alone-6 = czerwiec
month-alone-7 = lipiec
month-alone-8 = sierpień
month-alone-9 = wrzesień
month-alone-10 = październik
month-alone-11 = listopad
month-alone-12 = grudzień

## Słowa na wszystkich stronach

action-object = Wnieść sprzeciw
action-leave = Pozostawić bez zmian
action-withdraw = Wycofać sprzeciw
action-continue = Dalej
action-back = Wstecz
action-case = Otworzyć sprawę
scope-public-content = To, co Państwo opublikowali
scope-public-content-about = Państwa publiczne posty, komentarze, zdjęcia i filmy wraz z opisami, na wszystkich Państwa kontach tutaj.
scope-ai-interactions = To, co Państwo przekazali funkcjom AI
scope-ai-interactions-about = Państwa pytania, polecenia i pliki przesłane do funkcji AI platformy oraz ich odpowiedzi.
scope-third-party = To, co inni opublikowali o Państwu
scope-third-party-about = Publiczne treści innych osób, które wymieniają Państwa z nazwy lub Państwa przedstawiają.
scope-record = Jedna konkretna treść
scope-record-about = Post, komentarz, zdjęcie lub rozmowa, które wskazują Państwo adresem lub numerem.
kind-post = Posty
kind-comment = Komentarze
kind-photo = Zdjęcia i ich opisy
kind-video = Filmy i ich opisy
kind-story = Relacje
kind-ai-interaction = Rozmowy z funkcjami AI
status-received = Otrzymany
status-received-about = Państwa sprzeciw wpłynął. Objęte nim dane są przechowywane, ale nie są wykorzystywane.
status-under-review = Rozpatrywany
status-under-review-about = Państwa sprzeciw rozpatruje człowiek. Objęte nim dane są przechowywane, ale nie są wykorzystywane.
status-approved = Uwzględniony
status-approved-about = Państwa sprzeciw został uwzględniony. Objęte nim dane nie są już wykorzystywane.
status-refused = Nieuwzględniony
status-refused-about = Państwa sprzeciw nie został uwzględniony. Pismo podaje powody i informuje, gdzie można wnieść skargę.
status-withdrawn = Wycofany
status-withdrawn-about = Sprzeciw został przez Państwa wycofany. W każdej chwili mogą Państwo wnieść go ponownie.
status-searching-about = Człowiek szuka treści, o które Państwu chodzi. Gdy tylko ustalimy, które to treści, będą przechowywane, ale nie będą wykorzystywane.
status-searched-about = Państwa sprzeciw został uwzględniony. Znalezione treści nie są już wykorzystywane.

## Elementy wszystkich stron

site-skip = Przejdź do treści
site-privacy = Centrum prywatności
site-notice = Informacja publiczna
site-figures = Dane liczbowe o sprzeciwach
site-no-account = Sprzeciw bez konta
site-language = Język
site-navigation = Strony
site-contact = Kontakt w sprawie ochrony danych: { $contact }

## Link bezpośredni

link-title = Sprzeciw wobec wykorzystania Państwa danych
link-intro = { $controller } zamierza od dnia { $starts } wykorzystywać Państwa dane w celu „{ $purpose }”. Tutaj mogą Państwo wnieść sprzeciw.
link-happens-title = Co się stanie po wniesieniu sprzeciwu
link-happens-restricted = Od tej chwili dane są przechowywane, ale nie są już wykorzystywane w tym celu (art. 18 ust. 1 lit. d RODO).
link-happens-review = Rozpatrzymy sprzeciw i odpowiemy w ciągu miesiąca: e-mailem i na osobnej stronie dla Państwa.
link-happens-automatic = Sprzeciw zostaje od razu uwzględniony. Potwierdzimy to e-mailem i na osobnej stronie dla Państwa.
link-happens-removed = Po uwzględnieniu sprzeciwu dane zostają usunięte z danych treningowych i nie są wykorzystywane w żadnym późniejszym trenowaniu.
link-happens-accounts = Sprzeciw dotyczy wszystkich Państwa kont tutaj.
link-happens-back = W każdej chwili mogą go Państwo wycofać.
link-covers-title = Co obejmuje sprzeciw
link-no-reason = Nie trzeba podawać powodu.
link-more = Wybierz węższy lub szerszy zakres
link-privacy = Otworzyć centrum prywatności
link-privacy-about = Tam widać Państwa sytuację i można wnieść sprzeciw co do konkretnych treści. Nie trzeba się logować.
link-done-title = Państwa sprzeciw wpłynął
link-done = Obowiązuje od dnia { $date }. Jego numer to { $case }.
link-already-title = Sprzeciw został już wniesiony
link-already = Państwa sprzeciw z dnia { $date } ma numer { $case }. Nie trzeba robić nic więcej.
link-left-title = Nic się nie zmieniło
link-left = Sprzeciw nie został wniesiony. Mogą to Państwo zrobić w każdej chwili za pomocą tego linku lub w centrum prywatności.
link-invalid-title = Ten link już nie działa
link-invalid = Wygasł lub jest niepełny. Mimo to mogą Państwo wnieść sprzeciw tutaj: proszę podać adres e-mail, a wyślemy kod.

## Centrum prywatności

privacy-title = Centrum prywatności
privacy-intro = Tutaj widać, do czego wykorzystywane są Państwa dane, i można wnieść sprzeciw (art. 21 RODO).
privacy-used-title = Co i w jakim celu jest wykorzystywane
privacy-used = { $controller } od dnia { $starts } wykorzystuje w celu „{ $purpose }”:
privacy-basis = Podstawą prawną są prawnie uzasadnione interesy (art. 6 ust. 1 lit. f RODO).
privacy-not-used = Prywatne wiadomości między osobami i treści niepubliczne nie są wykorzystywane, podobnie jak dane osób, które nie ukończyły { $age } lat.
privacy-none = Obecnie nie ma celu, wobec którego można tutaj wnieść sprzeciw.
privacy-state-title = Państwa sytuacja
privacy-state-none = Sprzeciw nie został wniesiony.
privacy-state-objected = Sprzeciw został wniesiony w dniu { $date }. Status: { $status }.
privacy-state-signal = Państwa przeglądarka wysyła sygnał „Global Privacy Control”. Jest on odnotowany jako Państwa sprzeciw (art. 21 ust. 5 RODO).
privacy-accounts = { $count ->
    [one] Sprzeciw dotyczy Państwa konta.
    [few] Sprzeciw dotyczy wszystkich { $count } Państwa kont tutaj.
    [many] Sprzeciw dotyczy wszystkich { $count } Państwa kont tutaj.
   *[other] Sprzeciw dotyczy wszystkich { $count } Państwa kont tutaj.
}
privacy-object-title = Wnieść sprzeciw
privacy-scopes = Czego dotyczy sprzeciw?
privacy-record-label = Adres lub numer treści
privacy-record-hint = Jedna treść w wierszu. Adres można znaleźć w przeglądarce lub pod „Udostępnij”.
privacy-grounds-label = Państwa powody (nieobowiązkowo)
privacy-grounds-hint = Nie trzeba podawać powodu. Jeżeli zostanie podany, przeczyta go człowiek.
privacy-advised = Zalecamy wniesienie sprzeciwu do dnia { $date }. Późniejszy sprzeciw wnosi się w ten sam sposób.
privacy-later = Wykorzystywanie danych rozpoczęło się w dniu { $starts }. Sprzeciw można wnieść tak samo jak wcześniej; strona sprawy podaje, co obejmuje.
privacy-choose = Proszę wybrać co najmniej jedną z możliwości.
privacy-record-missing = Proszę podać adres lub numer treści.
privacy-left = Nic się nie zmieniło. Sprzeciw nie został wniesiony i mogą to Państwo zrobić w każdej chwili.
privacy-withdraw-title = Wycofać
privacy-withdraw = Po wycofaniu sprzeciwu dane mogą być ponownie wykorzystywane w celu „{ $purpose }”. W każdej chwili mogą Państwo ponownie wnieść sprzeciw.
privacy-withdrawn = Sprzeciw został wycofany.
privacy-sign-in-title = Abyśmy wiedzieli, o czyje dane chodzi
privacy-sign-in = Proszę się zalogować, użyć linku z naszego e-maila albo zamówić kod na swój adres e-mail. Wystarczy jedno z nich.
privacy-sign-in-button = Zaloguj się
sign-in-failed-title = Logowanie się nie powiodło
sign-in-down = Usługa logowania obecnie nie odpowiada. Proszę spróbować ponownie za kilka minut albo użyć linku z naszego e-maila lub kodu wysłanego na swój adres e-mail.
sign-in-failed = Nie mogliśmy potwierdzić tożsamości. Nic się nie zmieniło. Proszę spróbować ponownie albo użyć linku z naszego e-maila lub kodu wysłanego na swój adres e-mail.
sign-in-unknown-title = Nie znaleziono konta
sign-in-unknown = Nie ma tu konta, które odpowiada temu logowaniu. Mimo to można wnieść sprzeciw bez konta.
sign-in-again = Spróbuj ponownie
privacy-sign-in-without = Proszę użyć linku z naszego e-maila albo zamówić kod na swój adres e-mail. Wystarczy jedno z nich.
privacy-way-link-title = Użyć osobistego linku
privacy-way-link = Nasz e-mail o prawie do sprzeciwu zawiera link przeznaczony tylko dla Państwa. Wystarczy go otworzyć, nic więcej nie jest potrzebne.
privacy-way-code-title = Otrzymać kod e-mailem
privacy-way-none = Do wniesienia sprzeciwu nie jest potrzebne konto.
privacy-code-title = Proszę wpisać kod
privacy-choose-title = Proszę wybrać swoje konto
privacy-choose-about = Ten adres e-mail należy do kont kilku osób.
privacy-choose-label = Konto
privacy-choose-account = Proszę wybrać jedno z kont.
privacy-sign-out = Wyloguj się
privacy-covered = Państwa sprzeciw obejmuje wszystko, co można tutaj wybrać. Nie trzeba robić nic więcej.
privacy-items-title = Sprzeciw tylko wobec konkretnych treści
privacy-items-check = Proszę podać po jednym adresie lub numerze w wierszu, najwyżej { $count } naraz.
privacy-signal-noted = Państwa przeglądarka wysyła sygnał „Global Privacy Control”. Jest on odnotowany, ale nie obowiązuje jako sprzeciw. Sprzeciw można wnieść na tej stronie.

## Strona sprawy

case-title = Sprawa { $case }
case-status = Status
case-received = Data wpływu
case-due = Odpowiedź najpóźniej
case-due-extended = Odpowiedź najpóźniej (termin przedłużony)
case-restricted = Dane przechowywane, ale niewykorzystywane od
case-covers = Co obejmuje
case-purpose = Cel
case-wrote = Co Państwo napisali
case-stays-title = Co nadal może być wykorzystywane i dlaczego
case-stays-nothing = Z danych objętych Państwa sprzeciwem nic nie może być dalej wykorzystywane.
case-stays-scopes = Czego Państwa sprzeciw nie obejmuje: { $scope }.
case-stays-record = Ten sprzeciw obejmuje jedną konkretną treść. Dla pozostałych nic nie zmienia.
case-stays-mentioned-keep = Treści innych osób, które o Państwu wspominają, nadal mogą być wykorzystywane: są to także treści tych osób. Wobec konkretnej treści można wnieść osobny sprzeciw.
case-stays-mentioned-redact = Treści innych osób, które o Państwu wspominają, nadal mogą być wykorzystywane bez Państwa imienia i nazwiska.
case-stays-mentioned-drop = Treści innych osób, które o Państwu wspominają, nie są wykorzystywane.
case-stays-depicted-keep = Zdjęcia innych osób, które Państwa przedstawiają, nadal mogą być wykorzystywane. Wobec konkretnego zdjęcia można wnieść osobny sprzeciw.
case-stays-depicted-redact = Zdjęcia innych osób, które Państwa przedstawiają, nadal mogą być wykorzystywane bez Państwa imienia i nazwiska.
case-stays-depicted-drop = Zdjęcia innych osób, które Państwa przedstawiają, nie są wykorzystywane.
case-stays-runs = Sprzeciw nie cofa trenowania zakończonego, zanim zaczął obowiązywać. Późniejsze trenowanie nie wykorzystuje już tych danych.
case-sets-title = Dane treningowe i trenowanie
case-sets-none = Zanim sprzeciw zaczął obowiązywać, nie utworzono żadnych danych treningowych.
case-sets-before = Te dane treningowe utworzono, gdy sprzeciw nie obowiązywał. Mogą lub mogły zawierać dane o Państwu:
case-sets-after = Te dane treningowe utworzono, gdy sprzeciw obowiązywał, i nie zawierają niczego, co on obejmuje: { $names }.
case-set = Dane treningowe
case-set-made = Data utworzenia
case-set-rows = Państwa treści, które się w nich znajdują
case-set-hidden = Data wyłączenia z użycia
case-set-erased = Data usunięcia
case-set-open = Jeszcze nie
case-set-gone = Usunięte w całości
case-runs = Te trenowania odczytały tamte dane treningowe, zanim usunięto z nich to, co obejmuje sprzeciw:
case-run = Trenowanie
case-run-began = Data rozpoczęcia
case-run-ended = Data zakończenia
case-decision-title = Decyzja
case-decision-none = Nie ma jeszcze decyzji.
case-decision-approved = Sprzeciw uwzględniony w dniu { $date }.
case-decision-approved-by = Sprzeciw uwzględniony w dniu { $date }. Rozpatrywał(a): { $reviewer }.
case-decision-rule = Zdecydowała reguła: w tym celu uwzględnia się każdy sprzeciw wobec wykorzystywania własnych danych.
case-decision-refused = Sprzeciw nieuwzględniony w dniu { $date }. Rozpatrywał(a): { $reviewer }.
case-letters-title = Pisma
case-letter-title = Pismo z dnia { $date }
case-letter = Przeczytaj pismo
case-receipt-title = Potwierdzenie
case-receipt = Pobierz potwierdzenie
case-receipt-about = Dzięki temu plikowi każdy może później sprawdzić, bez pytania nas, że Państwa sprzeciw został odnotowany.
case-recipients-title = Kto został powiadomiony
case-recipients-none = Danych nikomu nie przekazano.
case-recipients = Dane przekazano tym odbiorcom. Powiadamiamy ich o ograniczeniu i usunięciu (art. 19 RODO).
case-recipient = Odbiorca
case-recipient-restricted = Data powiadomienia o ograniczeniu
case-recipient-erased = Data powiadomienia o usunięciu
case-recipient-lifted = Data powiadomienia o końcu ograniczenia
case-complain-title = Skarga
case-complain = W każdej chwili mogą Państwo wnieść skargę do organu nadzorczego (art. 77 RODO). W Państwa kraju jest to:
case-complain-any = W każdej chwili mogą Państwo wnieść skargę do organu nadzorczego (art. 77 RODO): w kraju, w którym Państwo mieszkają lub pracują albo w którym doszło do naruszenia.
case-complain-country = Nie wiemy, w jakim kraju Państwo mieszkają.
case-complain-lead = Organem w kraju, z którego odpowiadamy, jest:
case-complain-all = Organy wszystkich krajów
case-complain-link = Przejdź na stronę organu
case-again-title = Uzupełnienie lub prośba o ponowne rozpatrzenie
case-again = Jeżeli coś się zmieniło, mogą Państwo nam o tym napisać. Sprawie przyjrzy się wtedy ponownie człowiek.
case-again-label = Co się zmieniło?
case-again-button = Wyślij

## Organy i sądy

authority-german-laender = Federalna pełnomocniczka nadzoruje organy federalne oraz usługi telekomunikacyjne i pocztowe. Inne przedsiębiorstwa nadzoruje organ kraju związkowego: skargę należy wnieść do organu kraju związkowego, w którym Państwo mieszkają lub w którym przedsiębiorstwo ma siedzibę.
authority-german-laender-link = Organy krajów związkowych
court-route-eea = Mogą Państwo również wystąpić do sądu (art. 79 RODO): w kraju, w którym mają Państwo miejsce zwykłego pobytu, lub w kraju, w którym administrator ma jednostkę organizacyjną.
court-route-elsewhere = Mogą Państwo również wystąpić do sądu (art. 79 RODO): w kraju Europejskiego Obszaru Gospodarczego, w którym administrator ma jednostkę organizacyjną.

## Informacja publiczna (art. 14)

public-title = Jak wykorzystywane są dane w celu „{ $purpose }”
public-right-title = Państwa prawo do sprzeciwu
public-right = W każdej chwili mogą Państwo wnieść sprzeciw wobec tego wykorzystywania danych (art. 21 RODO). Nie trzeba podawać powodu ani mieć konta.
public-controller = Administrator
public-contact = Kontakt w sprawie ochrony danych
public-purpose = Cel
public-interest = Prawnie uzasadniony interes
public-basis = Podstawa prawna
public-starts = Początek wykorzystywania
public-what = Jakie dane
public-source = Skąd pochodzą dane
public-source-text = Z tego, co osoby same publikują na platformie, z tego, co inni publikują tam o nich, oraz z rozmów z funkcjami AI.
public-recipients = Odbiorcy
public-recipients-none = Dane nie są nikomu przekazywane.
public-transfers = Przekazywanie poza Europejski Obszar Gospodarczy
public-retention = Okres przechowywania
public-rights = Państwa inne prawa
public-rights-text = Przysługuje Państwu także prawo dostępu do danych, ich sprostowania, usunięcia i ograniczenia przetwarzania (art. 15–18 RODO) oraz prawo wniesienia skargi do organu nadzorczego (art. 77 RODO).
public-decisions = Żadna decyzja dotycząca Państwa nie opiera się wyłącznie na tym wykorzystywaniu danych (art. 22 RODO).
public-documents = Dokumenty
public-document-balancing = Wyważenie interesów
public-document-interest = Prawnie uzasadniony interes
public-document-necessity = Niezbędność
public-document-dpia = Ocena skutków dla ochrony danych

## Bez konta

form-title = Sprzeciw bez konta
form-intro = Za pomocą tego formularza można wnieść sprzeciw wobec wykorzystywania treści, które wymieniają Państwa z nazwy lub Państwa przedstawiają, albo konkretnych treści.
form-email-label = Adres e-mail
form-email-hint = Użyjemy go do wysłania kodu i odpowiedzi, i do niczego więcej.
form-email-invalid = Proszę podać adres e-mail, na przykład name@example.com.
form-email-button = Wyślij kod
form-errors = Czegoś brakuje lub coś się nie zgadza
form-too-long = Proszę wpisać najwyżej tyle znaków: { $count }.
form-code-to = Państwa adres e-mail: { $email }
form-check-title = Proszę sprawdzić wpisane dane
form-code-sent = Jeżeli adres jest poprawny, kod jest już w drodze. Czas ważności kodu w minutach: { $minutes }.
form-code-label = Kod z e-maila
form-code-invalid = Ten kod nie pasuje lub stracił ważność. Proszę go sprawdzić lub zamówić nowy.
form-code-again = Wyślij nowy kod
form-code-subject = Państwa kod: { $code }
form-code-mail = Państwa kod to { $code }. Czas ważności kodu w minutach: { $minutes }. Jeżeli kod nie był zamawiany, nie trzeba nic robić.
code-none-subject = Nie ma konta z tym adresem e-mail
code-none = Ktoś zamówił kod dla tego adresu e-mail w centrum prywatności, za które odpowiada { $controller }. Nie ma tutaj konta z tym adresem, dlatego nie ma też kodu. Jeżeli to Państwo go zamówili, sprzeciw można wnieść bez konta.
code-none-ignore = Jeżeli to nie Państwo, nie trzeba nic robić.
form-about-label = Czego dotyczy sprzeciw?
form-about-own = Moje publikacje tutaj i moje rozmowy z funkcjami AI
form-about-own-hint = Na wszystkich kontach tutaj, które mają ten adres e-mail.
form-about-items = Konkretne treści
form-about-mentions = Wszystkie treści, które mnie wymieniają lub przedstawiają
form-items-many = Proszę podać jednorazowo najwyżej tyle treści: { $count }. Potem można podać kolejne.
form-item-long = Adres lub numer ma najwyżej tyle znaków: { $count }. Proszę wpisać jedną treść w wierszu.
form-name-label = Jak inni Państwa nazywają (nieobowiązkowo)
form-name-hint = Imiona, nazwiska lub nazwy kont, dzięki którym możemy znaleźć treści o Państwu. Bez nich możemy nie być w stanie ustalić, o które treści chodzi (art. 11 RODO).
form-done-title = Państwa sprzeciw wpłynął
form-done = Odnotowaliśmy go pod numerem { $case }. Odpowiemy e-mailem do dnia { $due }.
form-done-many = Odnotowaliśmy Państwa sprzeciwy pod tymi numerami (liczba: { $count }). Odpowiemy e-mailem do dnia { $due }.
form-more = Wnieść sprzeciw wobec czegoś innego
form-limit = Z tego adresu e-mail wpłynęło dziś wiele sprzeciwów; wszystkie odnotowano. To, co znajduje się poniżej, nie zostało wysłane. Można to wysłać jutro lub napisać do: { $contact }.
form-received = Dziękujemy. Jeżeli uda się nam przyporządkować zgłoszenie, otrzymają Państwo e-mail w tej sprawie.
route-title = Działają Państwo w imieniu innej osoby lub nie mogą się zalogować
route-intro = To, co Państwo tu napiszą, przeczyta człowiek. Odpowiedź od { $controller } nadejdzie do dnia { $due }.
route-guardian = W imieniu dziecka lub osoby pod moją opieką
route-heir = W sprawie osoby zmarłej
route-locked-out = Nie mogę dostać się na swoje konto
route-page-author = Piszę w imieniu strony lub grupy
route-output = Odpowiedź AI zawiera dane o mnie
route-other = Coś innego
route-message-label = O co chodzi?
route-message-hint = Prosimy nie załączać dokumentów tożsamości. Jeżeli będziemy potrzebować czegoś więcej, zapytamy.
route-message-missing = Proszę napisać, o co chodzi.
route-button = Wyślij wiadomość
route-done = Państwa wiadomość wpłynęła. Człowiek odpowie do dnia { $due }.

## Dane liczbowe o sprzeciwach

figures-title = Dane liczbowe o sprzeciwach
figures-intro = Dane pochodzą z rejestru sprzeciwów. Stan na dzień { $date }.
figures-received = Otrzymane
figures-approved = Uwzględnione
figures-refused = Nieuwzględnione
figures-withdrawn = Wycofane
figures-open = Otwarte
figures-grounds = Nieuwzględnione, według powodu
figures-answer = Czas do odpowiedzi
figures-effect = Czas do zaprzestania wykorzystywania
figures-median = Połowa spraw: najwyżej
figures-p95 = 95 na 100 spraw: najwyżej
figures-sent = Wysłane zawiadomienia
figures-bounced = Niedoręczone zawiadomienia
figures-over-time = W czasie
figures-small = mniej niż { $count }
figures-small-about = Małych liczb nie pokazujemy, aby nikogo nie dało się rozpoznać.
figures-download = Pobierz jako plik
figures-standing = Każdy sprzeciw liczy się raz, według obecnego stanu.
figures-none = Nie ma jeszcze żadnych sprzeciwów.
figures-withheld = nie pokazano
figures-withheld-about = „Nie pokazano” stoi tam, gdzie małą liczbę dałoby się obliczyć z pozostałych.
figures-month = Miesiąc
figures-earlier = Wcześniej
figures-number = Liczba
figures-table = Pokaż jako tabelę
figures-chart = Słupki według miesięcy: { $from } – { $until }. Najwyższa pokazana liczba: { $number } ({ $month }).
figures-chart-unknown = Znak zapytania oznacza liczbę, która jest mała albo nie jest pokazana.
figures-times = Ile to trwa
figures-times-about = Sprzeciw działa, gdy dane nim objęte nie są już nigdzie wykorzystywane: został wpisany do rejestru, od tej chwili nic nowego z tych danych nie powstaje, a z danych treningowych utworzonych wcześniej je usunięto. „Jeszcze nie” oznacza, że zbyt wiele sprzeciwów na to jeszcze czeka. Czasy są zaokrąglone w górę.
figures-seconds = { $count ->
    [one] { $count } sekunda
    [few] { $count } sekundy
    [many] { $count } sekund
   *[other] { $count } sekundy
}
figures-minutes = { $count ->
    [one] { $count } minuta
    [few] { $count } minuty
    [many] { $count } minut
   *[other] { $count } minuty
}
figures-hours = { $count ->
    [one] { $count } godzina
    [few] { $count } godziny
    [many] { $count } godzin
   *[other] { $count } godziny
}
figures-sources = Otrzymane, według drogi
figures-source-link = Link w zawiadomieniu
figures-source-agent = Oprogramowanie działające w imieniu osoby
figures-source-staff = Wpisane przez pracowników
figures-source-import = Przejęte z innego systemu
figures-scopes = Otrzymane, według danych, których dotyczą
figures-notices = Zawiadomienia
figures-ground-legal-claims = Roszczenia prawne
figures-ground-public-interest = Ważny interes publiczny
figures-ground-security = Bezpieczeństwo osób lub systemów
figures-ground-research = Badania lub statystyka
figures-ground-freedom-of-expression = Wolność wypowiedzi i informacji
figures-ground-other = Inne powody

## Strony błędów

error-404-title = Ta strona nie istnieje
error-404 = Proszę sprawdzić adres. W centrum prywatności w każdej chwili można wnieść sprzeciw.
error-403-title = Nie można otworzyć tej strony
error-403 = Należy ona do innej osoby albo Państwa sesja się skończyła. W centrum prywatności można zalogować się ponownie.
error-405-title = Na tej stronie nie jest to możliwe
error-405 = Proszę otworzyć stronę ponownie i użyć jej przycisków.
error-expired-title = Ten formularz jest zbyt stary
error-expired = Nic nie zostało wysłane. Proszę otworzyć stronę ponownie i powtórzyć krok.
error-429-title = Zbyt wiele zapytań
error-429 = Proszę odczekać { $seconds ->
    [one] { $seconds } sekundę
    [few] { $seconds } sekundy
    [many] { $seconds } sekund
   *[other] { $seconds } sekundy
} i spróbować ponownie. Nic nie zostało utracone.
error-500-title = Wystąpił błąd po naszej stronie
error-500 = Być może Państwa zgłoszenie nie zostało odnotowane. Proszę spróbować ponownie lub napisać do { $contact }.
error-503-title = Chwilowo niedostępne
error-503 = Proszę spróbować ponownie za kilka minut. Sprzeciw nie jest ograniczony terminem.

## Zawiadomienie

notice-subject = Państwa prawo do sprzeciwu: { $purpose }
notice-title = Państwa prawo do sprzeciwu
notice-right = Mają Państwo prawo w każdej chwili wnieść sprzeciw wobec tego, że { $controller } wykorzystuje Państwa dane osobowe w celu „{ $purpose }” (art. 21 ust. 1 RODO).
notice-no-reason = Nie trzeba podawać powodu ani się logować.
notice-button = Wnieść sprzeciw
notice-button-about = Link otwiera stronę, która mówi, co się stanie. Sprzeciw wnosi dopiero przycisk na tej stronie.
notice-advised = Zalecamy wniesienie sprzeciwu do dnia { $date }. Późniejszy sprzeciw wnosi się w ten sam sposób: tym samym linkiem lub w centrum prywatności.
notice-leave = Aby pozostawić wszystko bez zmian, nie trzeba nic robić.
notice-about-title = Co jest planowane
notice-about = Od dnia { $starts } { $controller } wykorzystuje w celu „{ $purpose }” następujące dane o Państwu:
notice-minors = Dane osób, które nie ukończyły { $age } lat, nie są wykorzystywane.
notice-happens-title = Co się stanie po wniesieniu sprzeciwu
notice-third-party = Treści innych osób o Państwu są osobną możliwością w centrum prywatności.
notice-details-title = Informacje zgodnie z art. 13 i 14 RODO
notice-basis = prawnie uzasadnione interesy (art. 6 ust. 1 lit. f RODO)
notice-privacy = Centrum prywatności
notice-public = Pełna informacja
notice-why = Otrzymują Państwo tę wiadomość, ponieważ mają Państwo konto u administratora: { $controller }. Nie jest to reklama.

## Pisma

letter-about = Sprawa { $case }, cel „{ $purpose }”
letter-case-link = Otworzyć sprawę
letter-case-hint = Na stronie sprawy widać status; można tam też wycofać sprzeciw lub dowiedzieć się, jak wnieść skargę.
letter-covers = Państwa sprzeciw obejmuje:
letter-record = treść { $record }
letter-closing = { $controller }, ochrona danych
letter-contact = Kontakt: { $contact }
letter-again = W każdej chwili mogą Państwo ponownie wnieść sprzeciw. Nie trzeba podawać powodu.
letter-receipt-subject = Państwa sprzeciw wpłynął (sprawa { $case })
letter-receipt-title = Państwa sprzeciw wpłynął
letter-receipt = Otrzymaliśmy Państwa sprzeciw w dniu { $received }.
letter-receipt-restricted = Od dnia { $since } przetwarzanie objętych nim danych jest ograniczone: są one przechowywane, ale nie są wykorzystywane w tym celu do czasu naszej decyzji (art. 18 ust. 1 lit. d RODO).
letter-receipt-search = Człowiek szuka treści, o które Państwu chodzi. Gdy tylko ustalimy, które to treści, będą przechowywane, ale nie będą wykorzystywane w tym celu do czasu naszej decyzji (art. 18 ust. 1 lit. d RODO).
letter-receipt-more = Odnotowaliśmy te sprzeciwy:
letter-receipt-due = Odpowiemy do dnia { $due }.
letter-receipt-lifted = Zanim ograniczenie zostanie uchylone, poinformujemy o tym Państwa (art. 18 ust. 3 RODO).
letter-approval-subject = Państwa sprzeciw został uwzględniony (sprawa { $case })
letter-approval-title = Państwa sprzeciw został uwzględniony
letter-approval = W dniu { $decided } uwzględniliśmy Państwa sprzeciw z dnia { $received }.
letter-approval-effect = Objęte nim dane nie są już wykorzystywane w tym celu (art. 21 ust. 1 RODO). To, co już znajduje się w danych treningowych, zostaje wyłączone z użycia i usunięte (art. 17 ust. 1 lit. c RODO). Daty podaje strona sprawy.
letter-approval-search = Znalezione treści nie są już wykorzystywane w tym celu (art. 21 ust. 1 RODO). To, co z nich już znajduje się w danych treningowych, zostaje wyłączone z użycia i usunięte (art. 17 ust. 1 lit. c RODO). Jeżeli znajdą Państwo kolejne, można wnieść wobec nich osobny sprzeciw.
letter-approval-recipients = Powiadamiamy o tym tych, którym dane przekazano (art. 19 RODO).
letter-refusal-subject = Nasza decyzja w sprawie Państwa sprzeciwu (sprawa { $case })
letter-refusal-title = Państwa sprzeciw nie został uwzględniony
letter-refusal = Państwa sprzeciw z dnia { $received } został rozpatrzony i w dniu { $decided } nie został uwzględniony. Rozpatrywał(a): { $reviewer }.
letter-refusal-grounds = W naszej ocenie istnieją ważne prawnie uzasadnione podstawy, nadrzędne wobec Państwa interesów, praw i wolności (art. 21 ust. 1 RODO). Są to:
letter-refusal-lifted = Ograniczenie przetwarzania Państwa danych kończy się w dniu { $lifted } (art. 18 ust. 3 RODO). Do tego czasu dane nie są wykorzystywane.
letter-refusal-complain-title = Co mogą Państwo zrobić
letter-refusal-complain = Jeżeli nie zgadzają się Państwo z decyzją, mogą Państwo wnieść skargę do organu nadzorczego (art. 77 RODO):
letter-extension-subject = Potrzebujemy więcej czasu na rozpatrzenie Państwa sprzeciwu (sprawa { $case })
letter-extension-title = Potrzebujemy więcej czasu na rozpatrzenie Państwa sprzeciwu
letter-extension = Na Państwa sprzeciw z dnia { $received } należało odpowiedzieć do dnia { $due }. Przedłużamy ten termin do dnia { $until } (art. 12 ust. 3 RODO).
letter-extension-reasons = Powody są następujące:
letter-extension-restricted = Do czasu naszej decyzji dane są przechowywane, ale nie są wykorzystywane w tym celu.
letter-extension-complain = Jeżeli nie zgadzają się Państwo z przedłużeniem, mogą Państwo wnieść skargę do organu nadzorczego (art. 77 RODO):
letter-withdrawal-subject = Państwa sprzeciw został wycofany (sprawa { $case })
letter-withdrawal-title = Państwa sprzeciw został wycofany
letter-withdrawal = W dniu { $withdrawn } wycofali Państwo swój sprzeciw z dnia { $received }.
letter-withdrawal-effect = Dane, które obejmował, mogą być ponownie wykorzystywane w tym celu.
letter-withdrawal-mistake = Jeżeli to nie Państwo wycofali sprzeciw, prosimy wnieść go ponownie na stronie sprawy lub do nas napisać.
letter-lifting-subject = Ograniczenie przetwarzania Państwa danych się kończy (sprawa { $case })
letter-lifting-title = Ograniczenie przetwarzania Państwa danych się kończy
letter-lifting = Uprzedzamy, że ograniczenie przetwarzania danych objętych Państwa sprzeciwem z dnia { $received } kończy się w dniu { $lifted } (art. 18 ust. 3 RODO).
letter-lifting-refused = Powodem jest to, że w dniu { $decided } Państwa sprzeciw nie został uwzględniony. Podstawy podaje pismo w tej sprawie.
letter-lifting-withdrawn = Powodem jest to, że w dniu { $decided } wycofali Państwo sprzeciw.
letter-lifting-effect = Od tego dnia dane mogą być wykorzystywane w tym celu.
