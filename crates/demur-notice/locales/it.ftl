# Italiano. Gli identificativi sono raggruppati per pagina; la stessa cosa ha ovunque lo stesso nome.

## Lingua, date, numeri

language-name = Italiano
format-date = { $day ->
    [1] 1º
   *[other] { $day }
} { $month } { $year }
format-month = { $month } { $year }
format-time = { $hour }:{ $minute }
format-date-time = { $date }, { $time }
format-thousands = .
format-grouping-from = 4
format-decimal = ,
format-percent = { $number }%
format-days = { $count ->
    [one] { $count } giorno
   *[other] { $count } giorni
}
month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre
month-alone-1 = gennaio
month-alone-2 = febbraio
month-alone-3 = marzo
month-alone-4 = aprile
month-alone-5 = maggio
month-alone-6 = giugno
month-alone-7 = luglio
month-alone-8 = agosto
month-alone-9 = settembre
month-alone-10 = ottobre
month-alone-11 = novembre
month-alone-12 = dicembre

## Parole di tutte le pagine

action-object = Opporsi
action-leave = Lasciare com’è
action-withdraw = Ritirare l’opposizione
action-continue = Continua
action-back = Indietro
action-case = Aprire la pratica
scope-public-content = Ciò che ha pubblicato Lei
scope-public-content-about = I Suoi post, commenti, foto e video pubblici con le relative didascalie, in tutti i Suoi account qui.
scope-ai-interactions = Ciò che ha detto alle funzioni di IA
scope-ai-interactions-about = Le Sue domande, istruzioni e i file inviati alle funzioni di IA della piattaforma, e le relative risposte.
scope-third-party = Ciò che altri hanno pubblicato su di Lei
scope-third-party-about = Contenuti pubblici di altre persone che La nominano o La ritraggono.
scope-record = Un singolo contenuto
scope-record-about = Un post, un commento, una foto o una conversazione che Lei indica con l’indirizzo o il numero.
kind-post = Post
kind-comment = Commenti
kind-photo = Foto e relative didascalie
kind-video = Video e relative didascalie
kind-story = Storie
kind-ai-interaction = Conversazioni con funzioni di IA
status-received = Ricevuta
status-received-about = La Sua opposizione è arrivata. I dati interessati sono conservati, ma non utilizzati.
status-under-review = In esame
status-under-review-about = Una persona sta esaminando la Sua opposizione. I dati interessati sono conservati, ma non utilizzati.
status-approved = Accolta
status-approved-about = La Sua opposizione è stata accolta. I dati interessati non sono più utilizzati.
status-refused = Respinta
status-refused-about = La Sua opposizione è stata respinta. La lettera indica i motivi e dove può proporre reclamo.
status-withdrawn = Ritirata
status-withdrawn-about = Lei ha ritirato la Sua opposizione. Può opporsi di nuovo in qualsiasi momento.
status-searching-about = Una persona cerca i contenuti che Lei intende. Appena sappiamo quali sono, restano conservati, ma non sono utilizzati.
status-searched-about = La Sua opposizione è stata accolta. I contenuti che abbiamo trovato non sono più utilizzati.

## Cornice di tutte le pagine

site-skip = Vai al contenuto
site-privacy = Centro privacy
site-notice = Informativa pubblica
site-figures = Dati sulle opposizioni
site-no-account = Opporsi senza account
site-language = Lingua
site-navigation = Pagine
site-contact = Contatto per la protezione dei dati: { $contact }

## Link diretto

link-title = Opporsi all’uso dei Suoi dati
link-intro = { $controller } intende utilizzare dati che La riguardano per la finalità «{ $purpose }», con inizio in data { $starts }. Qui può opporsi.
link-happens-title = Che cosa succede se si oppone
link-happens-restricted = Da quel momento i dati sono conservati, ma non più utilizzati per questa finalità (articolo 18, paragrafo 1, lettera d), del GDPR).
link-happens-review = Esaminiamo l’opposizione e rispondiamo entro un mese, per e-mail e in una pagina a Lei riservata.
link-happens-automatic = L’opposizione è accolta subito. Lo confermiamo per e-mail e in una pagina a Lei riservata.
link-happens-removed = Una volta accolta, i dati sono rimossi dai dati di addestramento e non sono utilizzati in alcun addestramento successivo.
link-happens-accounts = Vale per tutti i Suoi account qui.
link-happens-back = Può ritirarla in qualsiasi momento.
link-covers-title = Che cosa comprende l’opposizione
link-no-reason = Non deve indicare alcun motivo.
link-more = Scegliere un ambito più ristretto o più ampio
link-privacy = Aprire il centro privacy
link-privacy-about = Lì vede la Sua situazione e può opporsi per singoli contenuti. Non deve accedere.
link-done-title = La Sua opposizione è arrivata
link-done = Ha effetto da questa data: { $date }. Il suo numero è { $case }.
link-already-title = Lei si è già opposto/a
link-already = La Sua opposizione ha la data { $date } e il numero { $case }. Non c’è altro da fare.
link-left-title = Non è cambiato nulla
link-left = Lei non si è opposto/a. Può farlo in qualsiasi momento, con questo link o nel centro privacy.
link-invalid-title = Questo link non funziona più
link-invalid = È scaduto o incompleto. Può comunque opporsi qui: inserisca il Suo indirizzo e-mail e Le inviamo un codice.

## Centro privacy

privacy-title = Centro privacy
privacy-intro = Qui vede per che cosa sono utilizzati i dati che La riguardano e può opporsi (articolo 21 del GDPR).
privacy-used-title = Che cosa è utilizzato e per quale finalità
privacy-used = { $controller } utilizza quanto segue per la finalità «{ $purpose }», con inizio in data { $starts }:
privacy-basis = La base giuridica è il legittimo interesse (articolo 6, paragrafo 1, lettera f), del GDPR).
privacy-not-used = Non sono utilizzati i messaggi privati tra persone e i contenuti non pubblici, né i dati di persone di età inferiore a { $age } anni.
privacy-none = Al momento non c’è alcuna finalità alla quale possa opporsi qui.
privacy-state-title = La Sua situazione
privacy-state-none = Lei non si è opposto/a.
privacy-state-objected = Data della Sua opposizione: { $date }. Stato: { $status }.
privacy-state-signal = Il Suo browser invia il segnale «Global Privacy Control». È registrato come Sua opposizione (articolo 21, paragrafo 5, del GDPR).
privacy-accounts = { $count ->
    [one] La Sua opposizione vale per il Suo account.
   *[other] La Sua opposizione vale per tutti i Suoi { $count } account qui.
}
privacy-object-title = Opporsi
privacy-scopes = A che cosa si oppone?
privacy-record-label = Indirizzo o numero del contenuto
privacy-record-hint = Un contenuto per riga. L’indirizzo si trova nel browser o alla voce «Condividi».
privacy-grounds-label = I Suoi motivi (facoltativo)
privacy-grounds-hint = Non deve indicare alcun motivo. Se ne indica uno, lo legge una persona.
privacy-advised = Le consigliamo di opporsi entro questa data: { $date }. Opporsi più tardi funziona allo stesso modo.
privacy-later = L’uso dei dati ha avuto inizio in questa data: { $starts }. Può opporsi come prima; la pagina della Sua pratica indica che cosa comprende l’opposizione.
privacy-choose = Scelga almeno una delle opzioni.
privacy-record-missing = Inserisca l’indirizzo o il numero del contenuto.
privacy-left = Non è cambiato nulla. Lei non si è opposto/a e può farlo in qualsiasi momento.
privacy-withdraw-title = Ritirare
privacy-withdraw = Se ritira l’opposizione, i dati possono essere di nuovo utilizzati per la finalità «{ $purpose }». Può opporsi di nuovo in qualsiasi momento.
privacy-withdrawn = La Sua opposizione è ritirata.
privacy-sign-in-title = Per sapere di chi sono i dati
privacy-sign-in = Acceda, usi il link contenuto nella nostra e-mail o si faccia inviare un codice al Suo indirizzo e-mail. Una di queste cose è sufficiente.
privacy-sign-in-button = Accedi
sign-in-failed-title = L’accesso non è riuscito
sign-in-down = Il servizio di accesso al momento non risponde. Riprovi tra qualche minuto, oppure usi il link contenuto nella nostra e-mail o un codice inviato al Suo indirizzo e-mail.
sign-in-failed = Non siamo riusciti a confermare chi è Lei. Non è cambiato nulla. Riprovi, oppure usi il link contenuto nella nostra e-mail o un codice inviato al Suo indirizzo e-mail.
sign-in-unknown-title = Nessun account trovato
sign-in-unknown = Qui non c’è alcun account che corrisponda al Suo accesso. Può comunque opporsi senza account.
sign-in-again = Riprova
privacy-sign-in-without = Usi il link contenuto nella nostra e-mail o si faccia inviare un codice al Suo indirizzo e-mail. Una di queste due cose è sufficiente.
privacy-way-link-title = Usare il Suo link personale
privacy-way-link = La nostra e-mail sul Suo diritto di opposizione contiene un link che è solo Suo. Lo apra: non serve altro.
privacy-way-code-title = Ricevere un codice per e-mail
privacy-way-none = Per opporsi non serve alcun account.
privacy-code-title = Inserire il codice
privacy-choose-title = Scegliere il Suo account
privacy-choose-about = A questo indirizzo e-mail corrispondono account di più persone.
privacy-choose-label = Account
privacy-choose-account = Scelga uno degli account.
privacy-sign-out = Esci
privacy-covered = La Sua opposizione comprende tutto ciò che può scegliere qui. Non c’è altro da fare.
privacy-items-title = Opporsi solo per singoli contenuti
privacy-items-check = Inserisca un indirizzo o un numero per riga, al massimo { $count } alla volta.
privacy-signal-noted = Il Suo browser invia il segnale «Global Privacy Control». È annotato, ma non è in vigore come opposizione. Può opporsi in questa pagina.

## Pagina della pratica

case-title = Pratica { $case }
case-status = Stato
case-received = Data di ricezione
case-due = Risposta entro
case-due-extended = Risposta entro (termine prorogato)
case-restricted = Data da cui i dati sono conservati, ma non utilizzati
case-covers = Che cosa comprende
case-purpose = Finalità
case-wrote = Che cosa ha scritto
case-stays-title = Che cosa resta utilizzabile e perché
case-stays-nothing = Dei dati compresi nella Sua opposizione, nulla resta utilizzabile.
case-stays-scopes = Che cosa non comprende la Sua opposizione: { $scope }.
case-stays-record = Questa opposizione comprende un singolo contenuto. Per tutto il resto non cambia nulla.
case-stays-mentioned-keep = I contenuti di altre persone che La menzionano restano utilizzabili: sono anche contenuti loro. Per un singolo contenuto può opporsi separatamente.
case-stays-mentioned-redact = I contenuti di altre persone che La menzionano restano utilizzabili senza il Suo nome.
case-stays-mentioned-drop = I contenuti di altre persone che La menzionano non sono utilizzati.
case-stays-depicted-keep = Le foto di altre persone che La ritraggono restano utilizzabili. Per una singola foto può opporsi separatamente.
case-stays-depicted-redact = Le foto di altre persone che La ritraggono restano utilizzabili senza il Suo nome.
case-stays-depicted-drop = Le foto di altre persone che La ritraggono non sono utilizzate.
case-stays-runs = Un addestramento terminato prima che la Sua opposizione avesse effetto non è annullato da essa. Gli addestramenti successivi non utilizzano più i dati.
case-sets-title = Dati di addestramento e addestramenti
case-sets-none = Prima che la Sua opposizione avesse effetto non sono stati creati dati di addestramento.
case-sets-before = Questi dati di addestramento sono stati creati quando la Sua opposizione non aveva effetto. Possono contenere o aver contenuto dati che La riguardano:
case-sets-after = Questi dati di addestramento sono stati creati quando la Sua opposizione aveva effetto e non contengono nulla di ciò che comprende: { $names }.
case-set = Dati di addestramento
case-set-made = Data di creazione
case-set-rows = Suoi contenuti presenti
case-set-hidden = Data in cui sono stati tolti dall’uso
case-set-erased = Data di cancellazione
case-set-open = Non ancora
case-set-gone = Eliminati per intero
case-runs = Questi addestramenti hanno letto quei dati di addestramento prima che ne fosse tolto ciò che comprende la Sua opposizione:
case-run = Addestramento
case-run-began = Data di inizio
case-run-ended = Data di fine
case-decision-title = Decisione
case-decision-none = Non c’è ancora una decisione.
case-decision-approved = Accolta. Data: { $date }.
case-decision-approved-by = Accolta da { $reviewer }. Data: { $date }.
case-decision-rule = Ha deciso una regola: per questa finalità è accolta ogni opposizione all’uso dei propri dati.
case-decision-refused = Respinta da { $reviewer }. Data: { $date }.
case-letters-title = Lettere
case-letter-title = Lettera in data { $date }
case-letter = Leggere la lettera
case-receipt-title = Ricevuta
case-receipt = Scaricare la ricevuta
case-receipt-about = Con questo file chiunque può verificare in seguito che la Sua opposizione è stata registrata, senza chiedere a noi.
case-recipients-title = Chi è stato informato
case-recipients-none = I dati non sono stati comunicati a nessuno.
case-recipients = I dati sono stati comunicati a questi destinatari. Li informiamo della limitazione e della cancellazione (articolo 19 del GDPR).
case-recipient = Destinatario
case-recipient-restricted = Data dell’informazione sulla limitazione
case-recipient-erased = Data dell’informazione sulla cancellazione
case-recipient-lifted = Data dell’informazione sulla fine della limitazione
case-complain-title = Reclamo
case-complain = Può proporre reclamo a un’autorità di controllo in qualsiasi momento (articolo 77 del GDPR). Per il Suo Paese è:
case-complain-any = Può proporre reclamo a un’autorità di controllo in qualsiasi momento (articolo 77 del GDPR): nel Paese in cui vive o lavora, o in cui è avvenuta la violazione.
case-complain-country = Non sappiamo in quale Paese vive.
case-complain-lead = L’autorità del Paese da cui rispondiamo è:
case-complain-all = Autorità di tutti i Paesi
case-complain-link = Vai all’autorità
case-again-title = Aggiungere qualcosa o chiedere un nuovo esame
case-again = Se qualcosa è cambiato, può comunicarcelo. Una persona esamina allora di nuovo la pratica.
case-again-label = Che cosa è cambiato?
case-again-button = Invia

## Autorità e tribunali

authority-german-laender = La commissaria federale vigila sugli organismi federali e sui servizi di telecomunicazione e postali. Sulle altre imprese vigila l’autorità di un Land: presenti il reclamo a quella del Land in cui vive o in cui l’impresa ha sede.
authority-german-laender-link = Autorità dei Länder
court-route-eea = Può anche rivolgersi a un giudice (articolo 79 del GDPR): nel Paese in cui risiede abitualmente o in uno in cui il titolare del trattamento ha uno stabilimento.
court-route-elsewhere = Può anche rivolgersi a un giudice (articolo 79 del GDPR): in un Paese dello Spazio economico europeo in cui il titolare del trattamento ha uno stabilimento.

## Informativa pubblica (articolo 14)

public-title = Come sono utilizzati i dati per la finalità «{ $purpose }»
public-right-title = Il Suo diritto di opposizione
public-right = Può opporsi in qualsiasi momento a questo uso dei Suoi dati (articolo 21 del GDPR). Non deve indicare alcun motivo e non Le serve un account.
public-controller = Titolare del trattamento
public-contact = Contatto per la protezione dei dati
public-purpose = Finalità
public-interest = Legittimo interesse perseguito
public-basis = Base giuridica
public-starts = Inizio dell’uso
public-what = Quali dati
public-source = Da dove provengono i dati
public-source-text = Da ciò che le persone stesse pubblicano sulla piattaforma, da ciò che altri vi pubblicano su di loro e dalle conversazioni con funzioni di IA.
public-recipients = Destinatari
public-recipients-none = I dati non sono comunicati a nessuno.
public-transfers = Trasferimenti fuori dallo Spazio economico europeo
public-retention = Periodo di conservazione
public-rights = I Suoi altri diritti
public-rights-text = Ha anche il diritto di accesso, di rettifica, alla cancellazione e di limitazione di trattamento (articoli da 15 a 18 del GDPR) e il diritto di proporre reclamo a un’autorità di controllo (articolo 77 del GDPR).
public-decisions = Nessuna decisione che La riguarda si basa unicamente su questo uso (articolo 22 del GDPR).
public-documents = Documenti
public-document-balancing = Bilanciamento degli interessi
public-document-interest = Legittimo interesse
public-document-necessity = Necessità
public-document-dpia = Valutazione d’impatto sulla protezione dei dati

## Senza account

form-title = Opporsi senza account
form-intro = Con questo modulo può opporsi all’uso di contenuti che La nominano o La ritraggono, o di singoli contenuti.
form-email-label = Indirizzo e-mail
form-email-hint = Lo usiamo per inviarLe un codice e la risposta, e per nient’altro.
form-email-invalid = Inserisca un indirizzo e-mail, per esempio name@example.com.
form-email-button = Invia il codice
form-errors = Manca qualcosa o qualcosa non va bene
form-too-long = Scriva al massimo { $count } caratteri.
form-code-to = Il Suo indirizzo e-mail: { $email }
form-check-title = Controlli i dati inseriti
form-code-sent = Se l’indirizzo è corretto, un codice è in arrivo. È valido per { $minutes } minuti.
form-code-label = Codice ricevuto per e-mail
form-code-invalid = Questo codice non corrisponde o non è più valido. Lo controlli o se ne faccia inviare uno nuovo.
form-code-again = Invia un nuovo codice
form-code-subject = Il Suo codice: { $code }
form-code-mail = Il Suo codice è { $code }. È valido per { $minutes } minuti. Se non lo ha richiesto, non deve fare nulla.
code-none-subject = Nessun account con questo indirizzo e-mail
code-none = Qualcuno ha chiesto un codice per questo indirizzo e-mail nel centro privacy di { $controller }. Qui non c’è alcun account con questo indirizzo e quindi non c’è alcun codice. Se è stato Lei, può opporsi senza account.
code-none-ignore = Se non è stato Lei, non deve fare nulla.
form-about-label = Che cosa riguarda l’opposizione?
form-about-own = Ciò che ho pubblicato qui e ciò che ho detto a funzioni di IA
form-about-own-hint = Su tutti gli account qui che hanno questo indirizzo e-mail.
form-about-items = Singoli contenuti
form-about-mentions = Tutti i contenuti che mi nominano o mi ritraggono
form-items-many = Indichi al massimo { $count } contenuti alla volta. Poi può indicarne altri.
form-item-long = Un indirizzo o un numero ha al massimo { $count } caratteri. Scriva un contenuto per riga.
form-name-label = Come La nominano gli altri (facoltativo)
form-name-hint = Nomi o nomi di account con cui possiamo trovare contenuti che La riguardano. Senza di essi potremmo non riuscire a capire quali contenuti intende (articolo 11 del GDPR).
form-done-title = La Sua opposizione è arrivata
form-done = L’abbiamo registrata con il numero { $case }. Riceverà la risposta per e-mail entro questa data: { $due }.
form-done-many = Abbiamo registrato le Sue { $count } opposizioni con questi numeri. Riceverà la risposta per e-mail entro questa data: { $due }.
form-more = Opporsi ad altro
form-limit = Oggi sono arrivate molte opposizioni da questo indirizzo e-mail; sono tutte registrate. Ciò che è scritto sotto non è stato inviato. Può inviarlo domani o scrivere a { $contact }.
form-received = Grazie. Se possiamo attribuire la richiesta, riceverà un’e-mail al riguardo.
route-title = Agisce per un’altra persona o non riesce ad accedere
route-intro = Una persona presso { $controller } legge ciò che scrive qui e risponde entro questa data: { $due }.
route-guardian = Per un minore o una persona di cui ho la responsabilità
route-heir = Per una persona deceduta
route-locked-out = Non riesco ad accedere al mio account
route-page-author = Scrivo per una pagina o un gruppo
route-output = Un risultato dell’IA contiene dati che mi riguardano
route-other = Altro
route-message-label = Di che cosa si tratta?
route-message-hint = Non alleghi documenti d’identità. Se ci serve altro, lo chiediamo.
route-message-missing = Scriva di che cosa si tratta.
route-button = Invia il messaggio
route-done = Il Suo messaggio è arrivato. Una persona risponde entro questa data: { $due }.

## Dati sulle opposizioni

figures-title = Dati sulle opposizioni
figures-intro = Questi dati provengono dal registro delle opposizioni. Aggiornamento: { $date }.
figures-received = Ricevute
figures-approved = Accolte
figures-refused = Respinte
figures-withdrawn = Ritirate
figures-open = Aperte
figures-grounds = Respinte, per motivo
figures-answer = Tempo fino alla risposta
figures-effect = Tempo fino alla fine dell’uso
figures-median = Metà delle pratiche: al massimo
figures-p95 = 95 pratiche su 100: al massimo
figures-sent = Avvisi inviati
figures-bounced = Avvisi non consegnati
figures-over-time = Andamento nel tempo
figures-small = meno di { $count }
figures-small-about = I numeri piccoli non sono mostrati, affinché nessuno possa essere riconosciuto.
figures-download = Scarica come file
figures-standing = Ogni opposizione conta una volta, secondo il suo stato attuale.
figures-none = Non ci sono ancora opposizioni.
figures-withheld = non mostrato
figures-withheld-about = «Non mostrato» compare dove un numero piccolo si potrebbe ricavare dagli altri.
figures-month = Mese
figures-earlier = Prima
figures-number = Numero
figures-table = Mostra come tabella
figures-chart = Barre per mese, da { $from } a { $until }. Numero più alto mostrato: { $number }, in { $month }.
figures-chart-unknown = Un punto interrogativo indica un numero piccolo o non mostrato.
figures-times = Quanto tempo ci vuole
figures-times-about = Un’opposizione ha avuto effetto quando i dati interessati non sono più usati da nessuna parte: è iscritta nel registro, da quel momento non si compone più nulla con quei dati, ed essi sono tolti dai dati di addestramento creati prima. «Non ancora» compare dove troppe opposizioni lo attendono ancora. I tempi sono arrotondati per eccesso.
figures-seconds = { $count ->
    [one] { $count } secondo
   *[other] { $count } secondi
}
figures-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minuti
}
figures-hours = { $count ->
    [one] { $count } ora
   *[other] { $count } ore
}
figures-sources = Ricevute, per via
figures-source-link = Link in un avviso
figures-source-agent = Software che agisce per la persona
figures-source-staff = Inserite dal personale
figures-source-import = Riprese da un altro sistema
figures-scopes = Ricevute, secondo i dati interessati
figures-notices = Avvisi
figures-ground-legal-claims = Diritti in sede giudiziaria
figures-ground-public-interest = Interesse pubblico rilevante
figures-ground-security = Sicurezza di persone o sistemi
figures-ground-research = Ricerca o statistica
figures-ground-freedom-of-expression = Libertà di espressione e di informazione
figures-ground-other = Altri motivi

## Pagine di errore

error-404-title = Questa pagina non esiste
error-404 = Controlli l’indirizzo. Può opporsi nel centro privacy in qualsiasi momento.
error-403-title = Non può aprire questa pagina
error-403 = Appartiene a un’altra persona, oppure la Sua sessione è terminata. Può accedere di nuovo nel centro privacy.
error-405-title = Su questa pagina ciò non è possibile
error-405 = Apra di nuovo la pagina e usi i suoi pulsanti.
error-expired-title = Questo modulo è troppo vecchio
error-expired = Non è stato inviato nulla. Apra di nuovo la pagina e ripeta il passaggio.
error-429-title = Troppe richieste
error-429 = Attenda { $seconds ->
    [one] { $seconds } secondo
   *[other] { $seconds } secondi
} e riprovi. Nulla è andato perso.
error-500-title = Si è verificato un errore da parte nostra
error-500 = La Sua richiesta potrebbe non essere stata registrata. Riprovi o scriva a { $contact }.
error-503-title = Al momento non disponibile
error-503 = Riprovi tra qualche minuto. Per opporsi non c’è alcun termine.

## Avviso

notice-subject = Il Suo diritto di opposizione: { $purpose }
notice-title = Il Suo diritto di opposizione
notice-right = Ha il diritto di opporsi in qualsiasi momento a che { $controller } utilizzi i Suoi dati personali per la finalità «{ $purpose }» (articolo 21, paragrafo 1, del GDPR).
notice-no-reason = Non deve indicare alcun motivo e non deve accedere.
notice-button = Opporsi
notice-button-about = Il link apre una pagina che dice che cosa succederà. Solo il pulsante di quella pagina vale come opposizione.
notice-advised = Le consigliamo di opporsi entro questa data: { $date }. Opporsi più tardi funziona allo stesso modo, con lo stesso link o nel centro privacy.
notice-leave = Se vuole lasciare tutto com’è, non deve fare nulla.
notice-about-title = Che cosa è previsto
notice-about = { $controller } utilizza i seguenti dati che La riguardano per la finalità «{ $purpose }», con inizio in data { $starts }:
notice-minors = I dati di persone di età inferiore a { $age } anni non sono utilizzati.
notice-happens-title = Che cosa succede se si oppone
notice-third-party = I contenuti di altre persone che La riguardano sono un’opzione distinta nel centro privacy.
notice-details-title = Informazioni ai sensi degli articoli 13 e 14 del GDPR
notice-basis = legittimo interesse (articolo 6, paragrafo 1, lettera f), del GDPR)
notice-privacy = Centro privacy
notice-public = Informativa completa
notice-why = Riceve questo messaggio perché ha un account presso { $controller }. Non è pubblicità.

## Lettere

letter-about = Pratica { $case }, finalità «{ $purpose }»
letter-case-link = Aprire la pratica
letter-case-hint = Nella pagina della pratica vede lo stato e può ritirare l’opposizione o proporre reclamo.
letter-covers = La Sua opposizione comprende:
letter-record = il contenuto { $record }
letter-closing = { $controller }, protezione dei dati
letter-contact = Contatto: { $contact }
letter-again = Può opporsi di nuovo in qualsiasi momento. Non deve indicare alcun motivo.
letter-receipt-subject = La Sua opposizione è arrivata (pratica { $case })
letter-receipt-title = La Sua opposizione è arrivata
letter-receipt = Abbiamo ricevuto la Sua opposizione in data { $received }.
letter-receipt-restricted = Il trattamento dei dati interessati è limitato da questa data: { $since }. I dati sono conservati, ma non utilizzati per questa finalità finché non avremo deciso (articolo 18, paragrafo 1, lettera d), del GDPR).
letter-receipt-search = Una persona cerca i contenuti che Lei intende. Appena sappiamo quali sono, restano conservati, ma non sono utilizzati per questa finalità finché non avremo deciso (articolo 18, paragrafo 1, lettera d), del GDPR).
letter-receipt-more = Abbiamo registrato queste opposizioni:
letter-receipt-due = Rispondiamo entro questa data: { $due }.
letter-receipt-lifted = Prima che la limitazione sia revocata, La informeremo (articolo 18, paragrafo 3, del GDPR).
letter-approval-subject = La Sua opposizione è stata accolta (pratica { $case })
letter-approval-title = La Sua opposizione è stata accolta
letter-approval = La Sua opposizione, ricevuta in data { $received }, è stata accolta in data { $decided }.
letter-approval-effect = I dati interessati non sono più utilizzati per questa finalità (articolo 21, paragrafo 1, del GDPR). Ciò che è già presente in dati di addestramento è tolto dall’uso e cancellato (articolo 17, paragrafo 1, lettera c), del GDPR). La pagina della pratica indica le date.
letter-approval-search = I contenuti che abbiamo trovato non sono più utilizzati per questa finalità (articolo 21, paragrafo 1, del GDPR). Ciò che ne è già presente in dati di addestramento è tolto dall’uso e cancellato (articolo 17, paragrafo 1, lettera c), del GDPR). Se ne trova altri, può opporsi separatamente.
letter-approval-recipients = Ne informiamo coloro ai quali i dati sono stati comunicati (articolo 19 del GDPR).
letter-refusal-subject = La nostra decisione sulla Sua opposizione (pratica { $case })
letter-refusal-title = La Sua opposizione è stata respinta
letter-refusal = { $reviewer } ha esaminato la Sua opposizione, ricevuta in data { $received }, e l’ha respinta in data { $decided }.
letter-refusal-grounds = Secondo la nostra valutazione, motivi legittimi cogenti prevalgono sui Suoi interessi, diritti e libertà (articolo 21, paragrafo 1, del GDPR). I motivi sono i seguenti:
letter-refusal-lifted = La limitazione del trattamento dei Suoi dati termina in data { $lifted } (articolo 18, paragrafo 3, del GDPR). Fino ad allora i dati non sono utilizzati.
letter-refusal-complain-title = Che cosa può fare
letter-refusal-complain = Se non è d’accordo, può proporre reclamo all’autorità di controllo (articolo 77 del GDPR):
letter-extension-subject = Ci serve più tempo per la Sua opposizione (pratica { $case })
letter-extension-title = Ci serve più tempo per la Sua opposizione
letter-extension = Alla Sua opposizione, ricevuta in data { $received }, si doveva rispondere entro il termine seguente: { $due }. Proroghiamo il termine fino a questa data: { $until } (articolo 12, paragrafo 3, del GDPR).
letter-extension-reasons = I motivi sono i seguenti:
letter-extension-restricted = Finché non avremo deciso, i dati sono conservati, ma non utilizzati per questa finalità.
letter-extension-complain = Se non è d’accordo con la proroga, può proporre reclamo all’autorità di controllo (articolo 77 del GDPR):
letter-withdrawal-subject = La Sua opposizione è ritirata (pratica { $case })
letter-withdrawal-title = La Sua opposizione è ritirata
letter-withdrawal = Lei ha ritirato in data { $withdrawn } la Sua opposizione, ricevuta in data { $received }.
letter-withdrawal-effect = I dati che comprendeva possono essere di nuovo utilizzati per questa finalità.
letter-withdrawal-mistake = Se non è stato/a Lei a ritirarla, si opponga di nuovo nella pagina della pratica o ci scriva.
letter-lifting-subject = La limitazione del trattamento dei Suoi dati termina (pratica { $case })
letter-lifting-title = La limitazione del trattamento dei Suoi dati termina
letter-lifting = La informiamo in anticipo che la limitazione del trattamento dei dati compresi nella Sua opposizione, ricevuta in data { $received }, termina in data { $lifted } (articolo 18, paragrafo 3, del GDPR).
letter-lifting-refused = Il motivo è che la Sua opposizione è stata respinta in data { $decided }. La relativa lettera indica i motivi.
letter-lifting-withdrawn = Il motivo è che Lei ha ritirato la Sua opposizione in data { $decided }.
letter-lifting-effect = Da quel giorno i dati possono essere utilizzati per questa finalità.
