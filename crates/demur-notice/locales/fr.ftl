# Français. Les identifiants sont groupés par page ; la même chose porte partout le même nom.

## Langue, dates, nombres

language-name = Français
format-date = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
format-month = { $month } { $year }
format-time = { $hour } h { $minute }
format-date-time = { $date } à { $time }
format-thousands = {"\u202F"}
format-grouping-from = 4
format-decimal = ,
format-percent = { $number } %
format-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
month-alone-1 = janvier
month-alone-2 = février
month-alone-3 = mars
month-alone-4 = avril
month-alone-5 = mai
month-alone-6 = juin
month-alone-7 = juillet
month-alone-8 = août
month-alone-9 = septembre
month-alone-10 = octobre
month-alone-11 = novembre
month-alone-12 = décembre

## Mots de toutes les pages

action-object = S’opposer
action-leave = Ne rien changer
action-withdraw = Retirer l’opposition
action-continue = Continuer
action-back = Retour
action-case = Ouvrir le dossier
scope-public-content = Ce que vous avez publié
scope-public-content-about = Vos publications, commentaires, photos et vidéos publics avec leurs légendes, sur tous vos comptes ici.
scope-ai-interactions = Ce que vous avez dit aux fonctions d’IA
scope-ai-interactions-about = Vos questions, instructions et fichiers envoyés aux fonctions d’IA de la plateforme, et leurs réponses.
scope-third-party = Ce que d’autres ont publié à votre sujet
scope-third-party-about = Les contenus publics d’autres personnes qui vous nomment ou vous montrent.
scope-record = Un seul contenu
scope-record-about = Une publication, un commentaire, une photo ou une conversation que vous indiquez par son adresse ou son numéro.
kind-post = Publications
kind-comment = Commentaires
kind-photo = Photos et leurs légendes
kind-video = Vidéos et leurs légendes
kind-story = Stories
kind-ai-interaction = Conversations avec les fonctions d’IA
status-received = Reçue
status-received-about = Votre opposition est arrivée. Les données concernées sont conservées, mais non utilisées.
status-under-review = En cours d’examen
status-under-review-about = Une personne examine votre opposition. Les données concernées sont conservées, mais non utilisées.
status-approved = Acceptée
status-approved-about = Votre opposition est acceptée. Les données concernées ne sont plus utilisées.
status-refused = Refusée
status-refused-about = Votre opposition est refusée. La lettre indique les motifs et les voies de réclamation.
status-withdrawn = Retirée
status-withdrawn-about = Vous avez retiré votre opposition. Vous pouvez vous opposer de nouveau à tout moment.
status-searching-about = Une personne cherche les contenus que vous visez. Dès que nous savons lesquels, ils sont conservés, mais ne sont pas utilisés.
status-searched-about = Votre opposition est acceptée. Les contenus que nous avons trouvés ne sont plus utilisés.

## Cadre de toutes les pages

site-skip = Aller au contenu
site-privacy = Espace confidentialité
site-notice = Information publique
site-figures = Chiffres sur les oppositions
site-no-account = S’opposer sans compte
site-language = Langue
site-navigation = Rubriques
site-contact = Contact pour la protection des données : { $contact }

## Lien direct

link-title = S’opposer à l’utilisation de vos données
link-intro = { $controller } souhaite utiliser des données vous concernant pour la finalité « { $purpose } », à partir du { $starts }. Vous pouvez vous y opposer ici.
link-happens-title = Ce qui se passe si vous vous opposez
link-happens-restricted = Dès ce moment, les données sont conservées, mais ne sont plus utilisées pour cette finalité (article 18, paragraphe 1, point d), du RGPD).
link-happens-review = Nous examinons l’opposition et répondons dans un délai d’un mois, par e-mail et sur une page qui vous est propre.
link-happens-automatic = L’opposition est acceptée aussitôt. Nous le confirmons par e-mail et sur une page qui vous est propre.
link-happens-removed = Une fois l’opposition acceptée, les données sont retirées des données d’entraînement et ne sont utilisées dans aucun entraînement ultérieur.
link-happens-accounts = Elle vaut pour tous vos comptes ici.
link-happens-back = Vous pouvez la retirer à tout moment.
link-covers-title = Ce que couvre l’opposition
link-no-reason = Vous n’avez pas à donner de motif.
link-more = Choisir plus précisément ce qui est couvert
link-privacy = Ouvrir l’espace confidentialité
link-privacy-about = Vous y voyez votre situation et pouvez vous opposer pour des contenus précis. Vous n’avez pas à vous connecter.
link-done-title = Votre opposition est arrivée
link-done = Elle prend effet le { $date }. Son numéro est { $case }.
link-already-title = Vous vous êtes déjà opposé(e)
link-already = Votre opposition du { $date } porte le numéro { $case }. Il n’y a rien d’autre à faire.
link-left-title = Rien n’a changé
link-left = Vous ne vous êtes pas opposé(e). Vous pouvez le faire à tout moment, par ce lien ou dans l’espace confidentialité.
link-invalid-title = Ce lien ne fonctionne plus
link-invalid = Il a expiré ou il est incomplet. Vous pouvez tout de même vous opposer ici : saisissez votre adresse e-mail et nous vous envoyons un code.

## Espace confidentialité

privacy-title = Espace confidentialité
privacy-intro = Vous voyez ici à quoi servent les données vous concernant et vous pouvez vous y opposer (article 21 du RGPD).
privacy-used-title = Ce qui est utilisé, et à quelle fin
privacy-used = { $controller } utilise les éléments suivants pour la finalité « { $purpose } », à partir du { $starts } :
privacy-basis = La base juridique est l’intérêt légitime (article 6, paragraphe 1, point f), du RGPD).
privacy-not-used = Les messages privés entre personnes et les contenus non publics ne sont pas utilisés, ni les données de personnes de moins de { $age } ans.
privacy-none = Il n’y a actuellement aucune finalité à laquelle vous puissiez vous opposer ici.
privacy-state-title = Votre situation
privacy-state-none = Vous ne vous êtes pas opposé(e).
privacy-state-objected = Vous vous êtes opposé(e) le { $date }. Statut : { $status }.
privacy-state-signal = Votre navigateur envoie le signal « Global Privacy Control ». Il est enregistré comme votre opposition (article 21, paragraphe 5, du RGPD).
privacy-accounts = { $count ->
    [one] Votre opposition vaut pour votre compte.
   *[other] Votre opposition vaut pour tous vos comptes ici ({ $count }).
}
privacy-object-title = S’opposer
privacy-scopes = À quoi vous opposez-vous ?
privacy-record-label = Adresse ou numéro du contenu
privacy-record-hint = Un contenu par ligne. L’adresse se trouve dans le navigateur ou sous « Partager ».
privacy-grounds-label = Vos motifs (facultatif)
privacy-grounds-hint = Vous n’avez pas à donner de motif. Si vous en donnez un, une personne le lit.
privacy-advised = Nous vous conseillons de vous opposer avant la fin du { $date }. Une opposition ultérieure se fait de la même manière.
privacy-later = L’utilisation a commencé le { $starts }. Vous pouvez vous opposer de la même manière qu’avant ; la page de votre dossier indique ce que l’opposition couvre.
privacy-choose = Choisissez au moins une des options.
privacy-record-missing = Saisissez l’adresse ou le numéro du contenu.
privacy-left = Rien n’a changé. Vous ne vous êtes pas opposé(e) et vous pouvez le faire à tout moment.
privacy-withdraw-title = Retirer
privacy-withdraw = Si vous retirez votre opposition, les données peuvent de nouveau être utilisées pour la finalité « { $purpose } ». Vous pouvez vous opposer de nouveau à tout moment.
privacy-withdrawn = Votre opposition est retirée.
privacy-sign-in-title = Pour savoir de quelles données il s’agit
privacy-sign-in = Connectez-vous, utilisez le lien de notre e-mail ou faites-vous envoyer un code à votre adresse e-mail. L’un des trois suffit.
privacy-sign-in-button = Se connecter
sign-in-failed-title = La connexion n’a pas fonctionné
sign-in-down = Le service de connexion ne répond pas pour le moment. Veuillez réessayer dans quelques minutes, ou utilisez le lien de notre e-mail ou un code envoyé à votre adresse e-mail.
sign-in-failed = Nous n’avons pas pu confirmer qui vous êtes. Rien n’a changé. Veuillez réessayer, ou utilisez le lien de notre e-mail ou un code envoyé à votre adresse e-mail.
sign-in-unknown-title = Aucun compte trouvé
sign-in-unknown = Aucun compte ici ne correspond à votre connexion. Vous pouvez tout de même vous opposer sans compte.
sign-in-again = Réessayer
privacy-sign-in-without = Utilisez le lien de notre e-mail ou faites-vous envoyer un code à votre adresse e-mail. L’un des deux suffit.
privacy-way-link-title = Utiliser votre lien personnel
privacy-way-link = Notre e-mail sur votre droit d’opposition contient un lien qui n’est que pour vous. Ouvrez-le, il ne faut rien d’autre.
privacy-way-code-title = Recevoir un code par e-mail
privacy-way-none = Vous n’avez pas besoin de compte pour vous opposer.
privacy-code-title = Saisir le code
privacy-choose-title = Choisir votre compte
privacy-choose-about = Cette adresse e-mail correspond aux comptes de plusieurs personnes.
privacy-choose-label = Compte
privacy-choose-account = Choisissez l’un des comptes.
privacy-sign-out = Se déconnecter
privacy-covered = Votre opposition couvre tout ce que vous pouvez choisir ici. Il n’y a rien d’autre à faire.
privacy-items-title = S’opposer seulement pour des contenus précis
privacy-items-check = Saisissez une adresse ou un numéro par ligne, { $count } au plus à la fois.
privacy-signal-noted = Votre navigateur envoie le signal « Global Privacy Control ». Il est noté, mais n’est pas en vigueur comme opposition. Vous pouvez vous opposer sur cette page.

## Page du dossier

case-title = Dossier { $case }
case-status = Statut
case-received = Reçue le
case-due = Réponse au plus tard le
case-due-extended = Réponse au plus tard le (délai prolongé)
case-restricted = Données conservées, mais non utilisées, depuis le
case-covers = Ce qu’elle couvre
case-purpose = Finalité
case-wrote = Ce que vous avez écrit
case-stays-title = Ce qui reste utilisable, et pourquoi
case-stays-nothing = Parmi les données que couvre votre opposition, rien ne reste utilisable.
case-stays-scopes = Ce que votre opposition ne couvre pas : { $scope }.
case-stays-record = Cette opposition couvre un seul contenu. Elle ne change rien pour le reste.
case-stays-mentioned-keep = Les contenus d’autres personnes qui vous mentionnent restent utilisables : ce sont aussi leurs contenus. Vous pouvez vous opposer séparément pour un contenu précis.
case-stays-mentioned-redact = Les contenus d’autres personnes qui vous mentionnent restent utilisables sans votre nom.
case-stays-mentioned-drop = Les contenus d’autres personnes qui vous mentionnent ne sont pas utilisés.
case-stays-depicted-keep = Les photos d’autres personnes qui vous montrent restent utilisables. Vous pouvez vous opposer séparément pour une photo précise.
case-stays-depicted-redact = Les photos d’autres personnes qui vous montrent restent utilisables sans votre nom.
case-stays-depicted-drop = Les photos d’autres personnes qui vous montrent ne sont pas utilisées.
case-stays-runs = Un entraînement terminé avant la prise d’effet de votre opposition n’est pas annulé par celle-ci. Les entraînements ultérieurs n’utilisent plus les données.
case-sets-title = Données d’entraînement et entraînements
case-sets-none = Aucune donnée d’entraînement n’a été créée avant la prise d’effet de votre opposition.
case-sets-before = Ces données d’entraînement ont été créées alors que votre opposition n’avait pas d’effet. Elles peuvent contenir ou avoir contenu des données à votre sujet :
case-sets-after = Ces données d’entraînement ont été créées alors que votre opposition avait effet et ne contiennent rien de ce qu’elle couvre : { $names }.
case-set = Données d’entraînement
case-set-made = Créées le
case-set-rows = Vos contenus qui y figurent
case-set-hidden = Retirés de l’utilisation le
case-set-erased = Effacés le
case-set-open = Pas encore
case-set-gone = Supprimées en totalité
case-runs = Ces entraînements ont lu ces données d’entraînement avant que ce que couvre votre opposition en soit retiré :
case-run = Entraînement
case-run-began = Commencé le
case-run-ended = Terminé le
case-decision-title = Décision
case-decision-none = Il n’y a pas encore de décision.
case-decision-approved = Acceptée le { $date }.
case-decision-approved-by = Acceptée le { $date } par { $reviewer }.
case-decision-rule = Une règle a décidé : pour cette finalité, toute opposition à l’utilisation de ses propres données est acceptée.
case-decision-refused = Refusée le { $date } par { $reviewer }.
case-letters-title = Lettres
case-letter-title = Lettre du { $date }
case-letter = Lire la lettre
case-receipt-title = Attestation
case-receipt = Télécharger l’attestation
case-receipt-about = Ce fichier permet à quiconque de vérifier plus tard que votre opposition a été enregistrée, sans nous le demander.
case-recipients-title = Qui a été informé
case-recipients-none = Les données n’ont été transmises à personne.
case-recipients = Les données ont été transmises à ces destinataires. Nous les informons de la limitation et de l’effacement (article 19 du RGPD).
case-recipient = Destinataire
case-recipient-restricted = Informé de la limitation le
case-recipient-erased = Informé de l’effacement le
case-recipient-lifted = Informé de la fin de la limitation le
case-complain-title = Réclamation
case-complain = Vous pouvez à tout moment introduire une réclamation auprès d’une autorité de contrôle (article 77 du RGPD). Pour votre pays, il s’agit de :
case-complain-any = Vous pouvez à tout moment introduire une réclamation auprès d’une autorité de contrôle (article 77 du RGPD) : dans le pays où vous vivez ou travaillez, ou dans celui où la violation a eu lieu.
case-complain-country = Nous ne savons pas dans quel pays vous vivez.
case-complain-lead = L’autorité du pays depuis lequel nous répondons est :
case-complain-all = Autorités de tous les pays
case-complain-link = Aller au site de l’autorité
case-again-title = Ajouter une information ou demander un nouvel examen
case-again = Si quelque chose a changé, vous pouvez nous le dire. Une personne examine alors de nouveau le dossier.
case-again-label = Qu’est-ce qui a changé ?
case-again-button = Envoyer

## Autorités et tribunaux

authority-german-laender = La commissaire fédérale contrôle les organismes fédéraux ainsi que les services de télécommunications et les services postaux. Les autres entreprises sont contrôlées par l’autorité d’un Land : adressez-vous à celle du Land où vous habitez ou de celui où l’entreprise a son siège.
authority-german-laender-link = Autorités des Länder
court-route-eea = Vous pouvez aussi saisir un tribunal (article 79 du RGPD) : dans le pays de votre résidence habituelle ou dans un pays où le responsable du traitement dispose d’un établissement.
court-route-elsewhere = Vous pouvez aussi saisir un tribunal (article 79 du RGPD) : dans un pays de l’Espace économique européen où le responsable du traitement dispose d’un établissement.

## Information publique (article 14)

public-title = Comment des données sont utilisées pour la finalité « { $purpose } »
public-right-title = Votre droit d’opposition
public-right = Vous pouvez à tout moment vous opposer à cette utilisation de vos données (article 21 du RGPD). Vous n’avez pas à donner de motif et vous n’avez pas besoin de compte.
public-controller = Responsable du traitement
public-contact = Contact pour la protection des données
public-purpose = Finalité
public-interest = Intérêt légitime poursuivi
public-basis = Base juridique
public-starts = Début de l’utilisation
public-what = Quelles données
public-source = Provenance des données
public-source-text = De ce que les personnes publient elles-mêmes sur la plateforme, de ce que d’autres y publient à leur sujet et des conversations avec les fonctions d’IA.
public-recipients = Destinataires
public-recipients-none = Les données ne sont transmises à personne.
public-transfers = Transferts hors de l’Espace économique européen
public-retention = Durée de conservation
public-rights = Vos autres droits
public-rights-text = Vous disposez aussi des droits d’accès, de rectification, d’effacement et de limitation du traitement (articles 15 à 18 du RGPD) et du droit d’introduire une réclamation auprès d’une autorité de contrôle (article 77 du RGPD).
public-decisions = Aucune décision à votre égard n’est fondée sur cette seule utilisation (article 22 du RGPD).
public-documents = Documents
public-document-balancing = Mise en balance des intérêts
public-document-interest = Intérêt légitime
public-document-necessity = Nécessité
public-document-dpia = Analyse d’impact relative à la protection des données

## Sans compte

form-title = S’opposer sans compte
form-intro = Ce formulaire vous permet de vous opposer à l’utilisation de contenus qui vous nomment ou vous montrent, ou de contenus précis.
form-email-label = Adresse e-mail
form-email-hint = Nous l’utilisons pour vous envoyer un code et la réponse, et pour rien d’autre.
form-email-invalid = Saisissez une adresse e-mail, par exemple name@example.com.
form-email-button = Envoyer le code
form-errors = Il manque quelque chose ou une saisie ne convient pas
form-too-long = Écrivez au plus { $count } caractères.
form-code-to = Votre adresse e-mail : { $email }
form-check-title = Veuillez vérifier votre saisie
form-code-sent = Si l’adresse est exacte, un code est en route. Il est valable { $minutes } minutes.
form-code-label = Code reçu par e-mail
form-code-invalid = Ce code ne correspond pas ou n’est plus valable. Vérifiez-le ou demandez-en un nouveau.
form-code-again = Envoyer un nouveau code
form-code-subject = Votre code : { $code }
form-code-mail = Votre code est { $code }. Il est valable { $minutes } minutes. Si vous ne l’avez pas demandé, vous n’avez rien à faire.
code-none-subject = Aucun compte avec cette adresse e-mail
code-none = Quelqu’un a demandé un code pour cette adresse e-mail dans l’espace confidentialité de { $controller }. Il n’y a ici aucun compte avec cette adresse, et donc pas de code. Si c’était vous, vous pouvez vous opposer sans compte.
code-none-ignore = Si ce n’était pas vous, vous n’avez rien à faire.
form-about-label = Sur quoi porte l’opposition ?
form-about-own = Ce que j’ai publié ici et ce que j’ai dit aux fonctions d’IA
form-about-own-hint = Sur tous les comptes ici qui ont cette adresse e-mail.
form-about-items = Des contenus précis
form-about-mentions = Tous les contenus qui me nomment ou me montrent
form-items-many = Indiquez au plus { $count } contenus à la fois. Vous pourrez ensuite en indiquer d’autres.
form-item-long = Une adresse ou un numéro compte au plus { $count } caractères. Indiquez un contenu par ligne.
form-name-label = Comment d’autres vous nomment (facultatif)
form-name-hint = Noms ou noms de compte qui nous permettent de trouver des contenus à votre sujet. Sans eux, il se peut que nous ne puissions pas savoir quels contenus sont concernés (article 11 du RGPD).
form-done-title = Votre opposition est arrivée
form-done = Nous l’avons enregistrée sous le numéro { $case } et répondons par e-mail au plus tard le { $due }.
form-done-many = Nous avons enregistré vos { $count } oppositions sous ces numéros et répondons par e-mail au plus tard le { $due }.
form-more = S’opposer à autre chose
form-limit = Beaucoup d’oppositions sont arrivées aujourd’hui de cette adresse e-mail ; toutes sont enregistrées. Ce qui figure ci-dessous n’a pas été envoyé. Vous pouvez l’envoyer demain ou écrire à { $contact }.
form-received = Merci. Si nous pouvons attribuer la demande, vous recevez un e-mail à ce sujet.
route-title = Vous agissez pour quelqu’un d’autre ou ne pouvez pas vous connecter
route-intro = Une personne chez { $controller } lit ce que vous écrivez ici et répond au plus tard le { $due }.
route-guardian = Pour un enfant ou une personne dont j’ai la charge
route-heir = Pour une personne décédée
route-locked-out = Je n’ai plus accès à mon compte
route-page-author = J’écris au nom d’une page ou d’un groupe
route-output = Un résultat d’IA contient des données à mon sujet
route-other = Autre chose
route-message-label = De quoi s’agit-il ?
route-message-hint = Ne joignez pas de pièce d’identité. Si nous avons besoin d’autre chose, nous vous le demandons.
route-message-missing = Écrivez de quoi il s’agit.
route-button = Envoyer le message
route-done = Votre message est arrivé. Une personne répond au plus tard le { $due }.

## Chiffres sur les oppositions

figures-title = Chiffres sur les oppositions
figures-intro = Ces chiffres proviennent du registre des oppositions. Situation au { $date }.
figures-received = Reçues
figures-approved = Acceptées
figures-refused = Refusées
figures-withdrawn = Retirées
figures-open = En cours
figures-grounds = Refusées, par motif
figures-answer = Délai jusqu’à la réponse
figures-effect = Délai jusqu’à la fin de l’utilisation
figures-median = La moitié des dossiers : au plus
figures-p95 = 95 dossiers sur 100 : au plus
figures-sent = Messages d’information envoyés
figures-bounced = Messages d’information non remis
figures-over-time = Évolution dans le temps
figures-small = moins de { $count }
figures-small-about = Les petits nombres ne sont pas affichés, afin que personne ne puisse être reconnu.
figures-download = Télécharger sous forme de fichier
figures-standing = Chaque opposition est comptée une fois, selon son statut actuel.
figures-none = Il n’y a pas encore d’opposition.
figures-withheld = non affiché
figures-withheld-about = « Non affiché » figure là où un petit nombre pourrait être calculé à partir des autres.
figures-month = Mois
figures-earlier = Avant
figures-number = Nombre
figures-table = Afficher sous forme de tableau
figures-chart = Barres par mois, de { $from } à { $until }. Nombre affiché le plus élevé : { $number }, pour { $month }.
figures-chart-unknown = Un point d’interrogation remplace un nombre petit ou non affiché.
figures-times = Combien de temps cela prend
figures-times-about = Une opposition a pris effet lorsque les données concernées ne sont plus utilisées nulle part : elle est inscrite au registre, plus rien n’est alors constitué avec ces données, et elles sont retirées des données d’entraînement créées auparavant. « Pas encore » figure là où trop d’oppositions l’attendent encore. Les durées sont arrondies vers le haut.
figures-seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
}
figures-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
figures-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
figures-sources = Reçues, par voie
figures-source-link = Lien dans un message d’information
figures-source-agent = Logiciel agissant pour la personne
figures-source-staff = Saisies par le personnel
figures-source-import = Reprises d’un autre système
figures-scopes = Reçues, selon les données concernées
figures-notices = Messages d’information
figures-ground-legal-claims = Droits en justice
figures-ground-public-interest = Intérêt public important
figures-ground-security = Sécurité des personnes ou des systèmes
figures-ground-research = Recherche ou statistiques
figures-ground-freedom-of-expression = Liberté d’expression et d’information
figures-ground-other = Autres motifs

## Pages d’erreur

error-404-title = Cette page n’existe pas
error-404 = Vérifiez l’adresse. Vous pouvez à tout moment vous opposer dans l’espace confidentialité.
error-403-title = Vous ne pouvez pas ouvrir cette page
error-403 = Elle appartient à une autre personne, ou votre session est terminée. Vous pouvez vous reconnecter dans l’espace confidentialité.
error-405-title = Cette action n’est pas possible sur cette page
error-405 = Ouvrez de nouveau la page et utilisez ses boutons.
error-expired-title = Ce formulaire est trop ancien
error-expired = Rien n’a été envoyé. Ouvrez de nouveau la page et recommencez l’étape.
error-429-title = Trop de demandes
error-429 = Veuillez attendre { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } secondes
} et réessayer. Rien n’est perdu.
error-500-title = Une erreur s’est produite de notre côté
error-500 = Votre demande n’a peut-être pas été enregistrée. Veuillez réessayer ou écrire à { $contact }.
error-503-title = Indisponible pour le moment
error-503 = Veuillez réessayer dans quelques minutes. Il n’y a pas de délai pour s’opposer.

## Message d’information

notice-subject = Votre droit d’opposition : { $purpose }
notice-title = Votre droit d’opposition
notice-right = Vous avez le droit de vous opposer à tout moment à ce que { $controller } utilise vos données à caractère personnel pour la finalité « { $purpose } » (article 21, paragraphe 1, du RGPD).
notice-no-reason = Vous n’avez pas à donner de motif ni à vous connecter.
notice-button = S’opposer
notice-button-about = Le lien ouvre une page qui dit ce qui va se passer. Seul le bouton de cette page vaut opposition.
notice-advised = Nous vous conseillons de vous opposer avant la fin du { $date }. Une opposition ultérieure se fait de la même manière, par le même lien ou dans l’espace confidentialité.
notice-leave = Si vous ne voulez rien changer, vous n’avez rien à faire.
notice-about-title = Ce qui est prévu
notice-about = À partir du { $starts }, { $controller } utilise les données suivantes vous concernant pour la finalité « { $purpose } » :
notice-minors = Les données de personnes de moins de { $age } ans ne sont pas utilisées.
notice-happens-title = Ce qui se passe si vous vous opposez
notice-third-party = Les contenus d’autres personnes à votre sujet font l’objet d’une option distincte dans l’espace confidentialité.
notice-details-title = Informations au titre des articles 13 et 14 du RGPD
notice-basis = intérêt légitime (article 6, paragraphe 1, point f), du RGPD)
notice-privacy = Espace confidentialité
notice-public = Information complète
notice-why = Vous recevez ce message parce que vous avez un compte chez { $controller }. Il ne s’agit pas de publicité.

## Lettres

letter-about = Dossier { $case }, finalité « { $purpose } »
letter-case-link = Ouvrir le dossier
letter-case-hint = Sur la page du dossier, vous voyez le statut et vous pouvez retirer l’opposition ou introduire une réclamation.
letter-covers = Votre opposition couvre :
letter-record = le contenu { $record }
letter-closing = { $controller }, protection des données
letter-contact = Contact : { $contact }
letter-again = Vous pouvez vous opposer de nouveau à tout moment. Vous n’avez pas à donner de motif.
letter-receipt-subject = Votre opposition est arrivée (dossier { $case })
letter-receipt-title = Votre opposition est arrivée
letter-receipt = Nous avons reçu votre opposition le { $received }.
letter-receipt-restricted = Depuis le { $since }, le traitement des données concernées est limité : elles sont conservées, mais ne sont pas utilisées pour cette finalité jusqu’à notre décision (article 18, paragraphe 1, point d), du RGPD).
letter-receipt-search = Une personne cherche les contenus que vous visez. Dès que nous savons lesquels, ils sont conservés, mais ne sont pas utilisés pour cette finalité jusqu’à notre décision (article 18, paragraphe 1, point d), du RGPD).
letter-receipt-more = Nous avons enregistré ces oppositions :
letter-receipt-due = Nous répondons au plus tard le { $due }.
letter-receipt-lifted = Avant que la limitation ne soit levée, nous vous en informerons (article 18, paragraphe 3, du RGPD).
letter-approval-subject = Votre opposition est acceptée (dossier { $case })
letter-approval-title = Votre opposition est acceptée
letter-approval = Le { $decided }, nous avons accepté votre opposition du { $received }.
letter-approval-effect = Les données concernées ne sont plus utilisées pour cette finalité (article 21, paragraphe 1, du RGPD). Ce qui figure déjà dans des données d’entraînement est retiré de l’utilisation et effacé (article 17, paragraphe 1, point c), du RGPD). La page du dossier indique les dates.
letter-approval-search = Les contenus que nous avons trouvés ne sont plus utilisés pour cette finalité (article 21, paragraphe 1, du RGPD). Ce qui en figure déjà dans des données d’entraînement est retiré de l’utilisation et effacé (article 17, paragraphe 1, point c), du RGPD). Si vous en trouvez d’autres, vous pouvez vous y opposer séparément.
letter-approval-recipients = Nous en informons ceux à qui les données ont été transmises (article 19 du RGPD).
letter-refusal-subject = Notre décision sur votre opposition (dossier { $case })
letter-refusal-title = Votre opposition est refusée
letter-refusal = { $reviewer } a examiné votre opposition du { $received } et l’a refusée le { $decided }.
letter-refusal-grounds = Selon notre appréciation, des motifs légitimes et impérieux prévalent sur vos intérêts et vos droits et libertés (article 21, paragraphe 1, du RGPD). Ces motifs sont les suivants :
letter-refusal-lifted = La limitation du traitement de vos données prend fin le { $lifted } (article 18, paragraphe 3, du RGPD). Jusque-là, les données ne sont pas utilisées.
letter-refusal-complain-title = Ce que vous pouvez faire
letter-refusal-complain = Si vous n’êtes pas d’accord, vous pouvez introduire une réclamation auprès de l’autorité de contrôle (article 77 du RGPD) :
letter-extension-subject = Il nous faut plus de temps pour votre opposition (dossier { $case })
letter-extension-title = Il nous faut plus de temps pour votre opposition
letter-extension = Une réponse à votre opposition du { $received } était due au plus tard le { $due }. Nous prolongeons ce délai jusqu’au { $until } (article 12, paragraphe 3, du RGPD).
letter-extension-reasons = Les motifs sont les suivants :
letter-extension-restricted = Jusqu’à notre décision, les données sont conservées, mais ne sont pas utilisées pour cette finalité.
letter-extension-complain = Si vous n’êtes pas d’accord avec la prolongation, vous pouvez introduire une réclamation auprès de l’autorité de contrôle (article 77 du RGPD) :
letter-withdrawal-subject = Votre opposition est retirée (dossier { $case })
letter-withdrawal-title = Votre opposition est retirée
letter-withdrawal = Le { $withdrawn }, vous avez retiré votre opposition du { $received }.
letter-withdrawal-effect = Les données qu’elle couvrait peuvent de nouveau être utilisées pour cette finalité.
letter-withdrawal-mistake = Si ce n’est pas vous qui l’avez retirée, opposez-vous de nouveau sur la page du dossier ou écrivez-nous.
letter-lifting-subject = La limitation du traitement de vos données prend fin (dossier { $case })
letter-lifting-title = La limitation du traitement de vos données prend fin
letter-lifting = Nous vous informons au préalable que la limitation du traitement des données que couvre votre opposition du { $received } prend fin le { $lifted } (article 18, paragraphe 3, du RGPD).
letter-lifting-refused = La raison en est que votre opposition a été refusée le { $decided }. La lettre à ce sujet indique les motifs.
letter-lifting-withdrawn = La raison en est que vous avez retiré votre opposition le { $decided }.
letter-lifting-effect = À partir de ce jour, les données peuvent être utilisées pour cette finalité.
