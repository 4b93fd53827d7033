# English. Ids are grouped by page; the same thing has the same word everywhere.

## Language, dates, numbers

language-name = English
format-date = { $day } { $month } { $year }
format-month = { $month } { $year }
format-time = { $hour }:{ $minute }
format-date-time = { $date }, { $time }
format-thousands = ,
format-grouping-from = 4
format-decimal = .
format-percent = { $number }%
format-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-alone-1 = January
month-alone-2 = February
month-alone-3 = March
month-alone-4 = April
month-alone-5 = May
month-alone-6 = June
month-alone-7 = July
month-alone-8 = August
month-alone-9 = September
month-alone-10 = October
month-alone-11 = November
month-alone-12 = December

## Words used on every page

action-object = Object
action-leave = Leave it as it is
action-withdraw = Withdraw the objection
action-continue = Continue
action-back = Back
action-case = Open the case
scope-public-content = What you published
scope-public-content-about = Your public posts, comments, photos and videos with their captions, on all your accounts here.
scope-ai-interactions = What you said to AI features
scope-ai-interactions-about = Your questions, instructions and uploads to AI features of the platform, and what they answered.
scope-third-party = What others published about you
scope-third-party-about = Public content of other people that names you or shows you.
scope-record = One single item
scope-record-about = One post, comment, photo or conversation that you name by its address or number.
kind-post = Posts
kind-comment = Comments
kind-photo = Photos and their captions
kind-video = Videos and their captions
kind-story = Stories
kind-ai-interaction = Conversations with AI features
status-received = Received
status-received-about = Your objection has arrived. The data it covers is stored, but not used.
status-under-review = Under review
status-under-review-about = A person is reviewing your objection. The data it covers is stored, but not used.
status-approved = Approved
status-approved-about = Your objection is approved. The data it covers is no longer used.
status-refused = Refused
status-refused-about = Your objection is refused. The letter gives the reasons and says where you can complain.
status-withdrawn = Withdrawn
status-withdrawn-about = You have withdrawn your objection. You can object again at any time.
status-searching-about = A person looks for the content that you mean. As soon as we know which it is, it is stored, but not used.
status-searched-about = Your objection is approved. The content that we found is no longer used.

## Frame of every page

site-skip = Skip to the content
site-privacy = Privacy centre
site-notice = Public notice
site-figures = Figures on objections
site-no-account = Object without an account
site-language = Language
site-navigation = Pages
site-contact = Contact for data protection: { $contact }

## Direct link

link-title = Object to the use of your data
link-intro = { $controller } wants to use data about you for the purpose “{ $purpose }”, starting on { $starts }. You can object here.
link-happens-title = What happens when you object
link-happens-restricted = From that moment, the data is stored, but no longer used for this purpose (Article 18(1)(d) GDPR).
link-happens-review = We review the objection and answer within one month, by e-mail and on a page of your own.
link-happens-automatic = The objection is approved at once, and we confirm it by e-mail and on a page of your own.
link-happens-removed = Once it is approved, the data is removed from training data and used in no later training.
link-happens-accounts = It applies to all your accounts here.
link-happens-back = You can withdraw it at any time.
link-covers-title = What the objection covers
link-no-reason = You do not have to give a reason.
link-more = Choose something narrower or wider
link-privacy = Open the privacy centre
link-privacy-about = There you see where you stand, and can object to single items. You do not have to sign in.
link-done-title = Your objection has arrived
link-done = It is in force from { $date }. Its number is { $case }.
link-already-title = You have objected already
link-already = Your objection of { $date } has the number { $case }. There is nothing more to do.
link-left-title = Nothing has changed
link-left = You have not objected. You can do so at any time, through this link or in the privacy centre.
link-invalid-title = This link no longer works
link-invalid = It has expired or is incomplete. You can object here all the same: enter your e-mail address and we send you a code.

## Privacy centre

privacy-title = Privacy centre
privacy-intro = Here you see what data about you is used for, and you can object to it (Article 21 GDPR).
privacy-used-title = What is used, and for what
privacy-used = { $controller } uses the following for the purpose “{ $purpose }”, starting on { $starts }:
privacy-basis = The legal basis is legitimate interests (Article 6(1)(f) GDPR).
privacy-not-used = Private messages between people and content that is not public are not used, nor is data of people under { $age }.
privacy-none = There is no purpose at present to which you can object here.
privacy-state-title = Where you stand
privacy-state-none = You have not objected.
privacy-state-objected = You have objected on { $date }. Status: { $status }.
privacy-state-signal = Your browser sends the signal “Global Privacy Control”. It is recorded as your objection (Article 21(5) GDPR).
privacy-accounts = { $count ->
    [one] Your objection applies to your account.
   *[other] Your objection applies to all { $count } of your accounts here.
}
privacy-object-title = Object
privacy-scopes = What do you object to?
privacy-record-label = Address or number of the item
privacy-record-hint = One item on each line. You find the address in your browser or under “Share”.
privacy-grounds-label = Your reasons (optional)
privacy-grounds-hint = You do not have to give a reason. If you do, a person reads it.
privacy-advised = We advise you to object by { $date }. Objecting later works the same way.
privacy-later = Data use began on { $starts }. You can object in the same way as before; your case page says what the objection covers.
privacy-choose = Choose at least one of the options.
privacy-record-missing = Enter the address or number of the item.
privacy-left = Nothing has changed. You have not objected, and you can do so at any time.
privacy-withdraw-title = Withdraw
privacy-withdraw = If you withdraw, the data may be used again for the purpose “{ $purpose }”. You can object again at any time.
privacy-withdrawn = Your objection is withdrawn.
privacy-sign-in-title = So that we know whose data it is
privacy-sign-in = Sign in, use the link from our e-mail, or have a code sent to your e-mail address. One of them is enough.
privacy-sign-in-button = Sign in
sign-in-failed-title = Signing in did not work
sign-in-down = The sign-in service does not answer at the moment. Please try again in a few minutes, or use the link from our e-mail or a code sent to your e-mail address.
sign-in-failed = We could not confirm who you are. Nothing has changed. Please try again, or use the link from our e-mail or a code sent to your e-mail address.
sign-in-unknown-title = No account found
sign-in-unknown = There is no account here that belongs to your sign-in. You can object without an account all the same.
sign-in-again = Try again
privacy-sign-in-without = Use the link from our e-mail, or have a code sent to your e-mail address. One of them is enough.
privacy-way-link-title = Use your personal link
privacy-way-link = Our e-mail about your right to object contains a link that is yours alone. Open it, and you need nothing else.
privacy-way-code-title = Have a code sent by e-mail
privacy-way-none = You need no account to object.
privacy-code-title = Enter the code
privacy-choose-title = Choose your account
privacy-choose-about = This e-mail address belongs to accounts of several people.
privacy-choose-label = Account
privacy-choose-account = Choose one of the accounts.
privacy-sign-out = Sign out
privacy-covered = Your objection covers everything that you can choose here. There is nothing more to do.
privacy-items-title = Object to single items only
privacy-items-check = Enter one address or number on each line, at most { $count } at a time.
privacy-signal-noted = Your browser sends the signal “Global Privacy Control”. It is noted, but it is not in force as an objection. You can object on this page.

## Case page

case-title = Case { $case }
case-status = Status
case-received = Received on
case-due = Answer due by
case-due-extended = Answer due by (extended)
case-restricted = Stored, but not used, since
case-covers = What it covers
case-purpose = Purpose
case-wrote = What you wrote
case-stays-title = What stays usable, and why
case-stays-nothing = Of the data that your objection covers, nothing stays usable.
case-stays-scopes = What your objection does not cover: { $scope }.
case-stays-record = This objection covers one single item. It changes nothing for all else.
case-stays-mentioned-keep = Content of other people that mentions you stays usable: it is their content too. For one single item, object to that item.
case-stays-mentioned-redact = Content of other people that mentions you stays usable without your name.
case-stays-mentioned-drop = Content of other people that mentions you is not used.
case-stays-depicted-keep = Photos of other people that show you stay usable. For one single photo, object to that item.
case-stays-depicted-redact = Photos of other people that show you stay usable without your name.
case-stays-depicted-drop = Photos of other people that show you are not used.
case-stays-runs = Training that ended before your objection was in force is not undone by it. Later training no longer uses the data.
case-sets-title = Training data and training runs
case-sets-none = No training data was made before your objection was in force.
case-sets-before = This training data was made while your objection was not in force. It may hold, or have held, data about you:
case-sets-after = This training data was made while your objection was in force and holds nothing that it covers: { $names }.
case-set = Training data
case-set-made = Made on
case-set-rows = Your items in it
case-set-hidden = Taken out of use on
case-set-erased = Erased on
case-set-open = Not yet
case-set-gone = Removed as a whole
case-runs = These training runs read that training data before what your objection covers was taken out of it:
case-run = Training run
case-run-began = Began on
case-run-ended = Ended on
case-decision-title = Decision
case-decision-none = There is no decision yet.
case-decision-approved = Approved on { $date }.
case-decision-approved-by = Approved on { $date } by { $reviewer }.
case-decision-rule = A rule decided: for this purpose, every objection to the use of one’s own data is approved.
case-decision-refused = Refused on { $date } by { $reviewer }.
case-letters-title = Letters
case-letter-title = Letter of { $date }
case-letter = Read the letter
case-receipt-title = Receipt
case-receipt = Download the receipt
case-receipt-about = With this file, anyone can check later that your objection was recorded, without asking us.
case-recipients-title = Who was told
case-recipients-none = The data was passed on to nobody.
case-recipients = The data was passed on to these recipients. We tell them of restriction and erasure (Article 19 GDPR).
case-recipient = Recipient
case-recipient-restricted = Told of the restriction on
case-recipient-erased = Told of the erasure on
case-recipient-lifted = Told of the end of the restriction on
case-complain-title = Complain
case-complain = You can lodge a complaint with a supervisory authority at any time (Article 77 GDPR). For your country that is:
case-complain-any = You can lodge a complaint with a supervisory authority at any time (Article 77 GDPR): in the country where you live or work, or where the infringement took place.
case-complain-country = We do not know in which country you live.
case-complain-lead = The authority of the country from which we answer is:
case-complain-all = Authorities of all countries
case-complain-link = Go to the authority
case-again-title = Add something or ask for another review
case-again = If something has changed, you can tell us. A person then looks at the case again.
case-again-label = What has changed?
case-again-button = Send

## Authorities and courts

authority-german-laender = The federal commissioner supervises federal bodies and telecommunications and postal services. Other companies are supervised by the authority of a Land: complain to that of the Land where you live or where the company has its seat.
authority-german-laender-link = Authorities of the Länder
court-route-eea = You can also go to court (Article 79 GDPR): in the country where you habitually live, or in one where the controller has an establishment.
court-route-elsewhere = You can also go to court (Article 79 GDPR): in a country of the European Economic Area where the controller has an establishment.

## Public notice (Article 14)

public-title = How data is used for the purpose “{ $purpose }”
public-right-title = Your right to object
public-right = You can object to this use of your data at any time (Article 21 GDPR). You do not have to give a reason, and you need no account.
public-controller = Who is responsible
public-contact = Contact for data protection
public-purpose = For what
public-interest = Legitimate interest pursued
public-basis = Legal basis
public-starts = Use starts on
public-what = Which data
public-source = Where the data comes from
public-source-text = From what people publish on the platform themselves, from what others publish about them there, and from conversations with AI features.
public-recipients = Recipients
public-recipients-none = The data is passed on to nobody.
public-transfers = Transfers outside the European Economic Area
public-retention = How long it is stored
public-rights = Your other rights
public-rights-text = You also have the right of access, to rectification, to erasure and to restriction of processing (Articles 15 to 18 GDPR), and the right to lodge a complaint with a supervisory authority (Article 77 GDPR).
public-decisions = No decision about you is based on this use alone (Article 22 GDPR).
public-documents = Documents
public-document-balancing = Balancing of interests
public-document-interest = Legitimate interest
public-document-necessity = Necessity
public-document-dpia = Data protection impact assessment

## Without an account

form-title = Object without an account
form-intro = With this form you can object to the use of content that names you or shows you, or of single items.
form-email-label = E-mail address
form-email-hint = We use it to send you a code and the answer, and for nothing else.
form-email-invalid = Enter an e-mail address, such as name@example.com.
form-email-button = Send the code
form-errors = Something is missing or does not fit
form-too-long = Write at most { $count } characters.
form-code-to = Your e-mail address: { $email }
form-check-title = Please check what you entered
form-code-sent = If the address is right, a code is on its way. It is valid for { $minutes } minutes.
form-code-label = Code from the e-mail
form-code-invalid = This code does not match or is no longer valid. Check it, or have a new one sent.
form-code-again = Send a new code
form-code-subject = Your code: { $code }
form-code-mail = Your code is { $code }. It is valid for { $minutes } minutes. If you did not ask for it, you need do nothing.
code-none-subject = There is no account with this e-mail address
code-none = Someone asked for a code for this e-mail address in the privacy centre of { $controller }. There is no account with this address here, so there is no code. If it was you, you can object without an account.
code-none-ignore = If it was not you, you need do nothing.
form-about-label = What is the objection about?
form-about-own = What I published here and what I said to AI features
form-about-own-hint = On all accounts here that have this e-mail address.
form-about-items = Single items
form-about-mentions = All content that names me or shows me
form-items-many = Name at most { $count } items at once. Afterwards you can name more.
form-item-long = An address or number has at most { $count } characters. Write one item on each line.
form-name-label = How others name you (optional)
form-name-hint = Names or account names by which we can find content about you. Without them, we may be unable to tell which content is meant (Article 11 GDPR).
form-done-title = Your objection has arrived
form-done = We have noted it under the number { $case } and answer by e-mail by { $due }.
form-done-many = We have noted your { $count } objections under these numbers and answer by e-mail by { $due }.
form-more = Object to something else
form-limit = Many objections have come from this e-mail address today; all of them are kept. What stands below has not been sent. You can send it tomorrow, or write to { $contact }.
form-received = Thank you. If we can assign the request, you receive an e-mail about it.
route-title = You act for someone else, or cannot sign in
route-intro = A person at { $controller } reads what you write here and answers by { $due }.
route-guardian = For a child or someone in my care
route-heir = For someone who has died
route-locked-out = I cannot get into my account
route-page-author = I write for a page or a group
route-output = AI output contains data about me
route-other = Something else
route-message-label = What is it about?
route-message-hint = Please attach no identity documents. If we need anything else, we ask.
route-message-missing = Write what it is about.
route-button = Send the message
route-done = Your message has arrived. A person answers by { $due }.

## Figures on objections

figures-title = Figures on objections
figures-intro = These figures come from the register of objections. As of { $date }.
figures-received = Received
figures-approved = Approved
figures-refused = Refused
figures-withdrawn = Withdrawn
figures-open = Open
figures-grounds = Refused, by ground
figures-answer = Time to the answer
figures-effect = Time until no longer used
figures-median = Half of the cases: at most
figures-p95 = 95 of 100 cases: at most
figures-sent = Notices sent
figures-bounced = Notices not delivered
figures-over-time = Over time
figures-small = fewer than { $count }
figures-small-about = Small numbers are not shown, so that nobody can be recognised.
figures-download = Download as a file
figures-standing = Each objection counts once, by where it stands now.
figures-none = There are no objections yet.
figures-withheld = not shown
figures-withheld-about = “Not shown” stands where a small number could be worked out from the others.
figures-month = Month
figures-earlier = Earlier
figures-number = Number
figures-table = Show as a table
figures-chart = Bars by month, { $from } to { $until }. Highest number shown: { $number }, in { $month }.
figures-chart-unknown = A question mark stands for a number that is small or not shown.
figures-times = How long it takes
figures-times-about = An objection has taken effect when the data it covers is in use nowhere: it is entered in the register, from which moment nothing new is made with that data, and it is taken out of the training data that was made before. “Not yet” stands where too many objections still wait for that. Times are rounded up.
figures-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
figures-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
figures-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
figures-sources = Received, by way
figures-source-link = Link in a notice
figures-source-agent = Software that acts for the person
figures-source-staff = Entered by staff
figures-source-import = Taken over from another system
figures-scopes = Received, by what they cover
figures-notices = Notices
figures-ground-legal-claims = Legal claims
figures-ground-public-interest = Important public interest
figures-ground-security = Security of people or systems
figures-ground-research = Research or statistics
figures-ground-freedom-of-expression = Freedom of expression and information
figures-ground-other = Other grounds

## Pages for errors

error-404-title = This page does not exist
error-404 = Check the address. You can object in the privacy centre at any time.
error-403-title = You cannot open this page
error-403 = It belongs to another person, or your session is over. You can sign in again in the privacy centre.
error-405-title = That does not work on this page
error-405 = Open the page again and use its buttons.
error-expired-title = This form is too old
error-expired = Nothing was sent. Open the page again and repeat the step.
error-429-title = Too many requests
error-429 = Please wait { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
} and try again. Nothing is lost.
error-500-title = Something went wrong on our side
error-500 = Your request may not have been recorded. Please try again, or write to { $contact }.
error-503-title = Not available at the moment
error-503 = Please try again in a few minutes. An objection has no deadline.

## Notice

notice-subject = Your right to object: { $purpose }
notice-title = Your right to object
notice-right = You have the right to object, at any time, to { $controller } using your personal data for the purpose “{ $purpose }” (Article 21(1) GDPR).
notice-no-reason = You do not have to give a reason. You need not sign in.
notice-button = Object
notice-button-about = The link opens a page that says what will happen. Only the button on that page objects.
notice-advised = We advise you to object by { $date }. Objecting later works the same way, with the same link or in the privacy centre.
notice-leave = If you want to leave it as it is, you need do nothing.
notice-about-title = What is planned
notice-about = From { $starts }, { $controller } uses the following data about you for the purpose “{ $purpose }”:
notice-minors = Data of people under { $age } is not used.
notice-happens-title = What happens when you object
notice-third-party = Other people’s content about you is a separate option in the privacy centre.
notice-details-title = Information under Articles 13 and 14 GDPR
notice-basis = legitimate interests (Article 6(1)(f) GDPR)
notice-privacy = Privacy centre
notice-public = Full notice
notice-why = You receive this message because you have an account with { $controller }. It is not advertising.

## Letters

letter-about = Case { $case }, purpose “{ $purpose }”
letter-case-link = Open the case
letter-case-hint = On the case page you see the status, and you can withdraw or complain.
letter-covers = Your objection covers:
letter-record = the item { $record }
letter-closing = { $controller }, data protection
letter-contact = Contact: { $contact }
letter-again = You can object again at any time. You do not have to give a reason.
letter-receipt-subject = Your objection has arrived (case { $case })
letter-receipt-title = Your objection has arrived
letter-receipt = We received your objection on { $received }.
letter-receipt-restricted = Since { $since }, the data it covers is restricted: it is stored, but not used for this purpose until we have decided (Article 18(1)(d) GDPR).
letter-receipt-search = A person looks for the content that you mean. As soon as we know which it is, it is stored, but not used for this purpose until we have decided (Article 18(1)(d) GDPR).
letter-receipt-more = We have noted these objections:
letter-receipt-due = We answer by { $due }.
letter-receipt-lifted = Before the restriction is lifted, we will tell you (Article 18(3) GDPR).
letter-approval-subject = Your objection is approved (case { $case })
letter-approval-title = Your objection is approved
letter-approval = On { $decided } we approved your objection of { $received }.
letter-approval-effect = The data it covers is no longer used for this purpose (Article 21(1) GDPR). What is already in training data is taken out of use and erased (Article 17(1)(c) GDPR). The case page gives the dates.
letter-approval-search = The content that we found is no longer used for this purpose (Article 21(1) GDPR). What of it is already in training data is taken out of use and erased (Article 17(1)(c) GDPR). If you find more of it, you can object to that item.
letter-approval-recipients = We tell those to whom the data was passed on (Article 19 GDPR).
letter-refusal-subject = Our decision on your objection (case { $case })
letter-refusal-title = Your objection is refused
letter-refusal = { $reviewer } reviewed your objection of { $received } and refused it on { $decided }.
letter-refusal-grounds = In our assessment, compelling legitimate grounds override your interests, rights and freedoms (Article 21(1) GDPR). These are the grounds:
letter-refusal-lifted = The restriction of your data ends on { $lifted } (Article 18(3) GDPR). Until then, the data is not used.
letter-refusal-complain-title = What you can do
letter-refusal-complain = If you disagree, you can lodge a complaint with the supervisory authority (Article 77 GDPR):
letter-extension-subject = We need more time for your objection (case { $case })
letter-extension-title = We need more time for your objection
letter-extension = Your objection of { $received } was to be answered by { $due }. We extend this time to { $until } (Article 12(3) GDPR).
letter-extension-reasons = The reasons are:
letter-extension-restricted = Until we have decided, the data is stored, but not used for this purpose.
letter-extension-complain = If you disagree with the extension, you can lodge a complaint with the supervisory authority (Article 77 GDPR):
letter-withdrawal-subject = Your objection is withdrawn (case { $case })
letter-withdrawal-title = Your objection is withdrawn
letter-withdrawal = On { $withdrawn } you withdrew your objection of { $received }.
letter-withdrawal-effect = The data it covered may be used for this purpose again.
letter-withdrawal-mistake = If it was not you who withdrew, object again on the case page or write to us.
letter-lifting-subject = The restriction of your data ends (case { $case })
letter-lifting-title = The restriction of your data ends
letter-lifting = We tell you beforehand that the restriction of the data covered by your objection of { $received } ends on { $lifted } (Article 18(3) GDPR).
letter-lifting-refused = The reason is that your objection was refused on { $decided }. The letter about it gives the grounds.
letter-lifting-withdrawn = The reason is that you withdrew your objection on { $decided }.
letter-lifting-effect = From that day, the data may be used for this purpose.
