# Español. Los identificadores se agrupan por página; la misma cosa se llama igual en todas partes.

## Idioma, fechas, números

language-name = Español
format-date = { $day } de { $month } de { $year }
format-month = { $month } de { $year }
format-time = { $hour }:{ $minute }
format-date-time = { $date }, { $time }
format-thousands = .
format-grouping-from = 5
format-decimal = ,
format-percent = { $number } %
format-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
month-alone-1 = enero
month-alone-2 = febrero
month-alone-3 = marzo
month-alone-4 = abril
month-alone-5 = mayo
month-alone-6 = junio
month-alone-7 = julio
month-alone-8 = agosto
month-alone-9 = septiembre
month-alone-10 = octubre
month-alone-11 = noviembre
month-alone-12 = diciembre

## Palabras de todas las páginas

action-object = Oponerse
action-leave = Dejarlo como está
action-withdraw = Retirar la oposición
action-continue = Continuar
action-back = Volver
action-case = Abrir el expediente
scope-public-content = Lo que usted ha publicado
scope-public-content-about = Sus publicaciones, comentarios, fotos y vídeos públicos con sus textos, en todas sus cuentas aquí.
scope-ai-interactions = Lo que usted ha dicho a las funciones de IA
scope-ai-interactions-about = Sus preguntas, instrucciones y archivos enviados a las funciones de IA de la plataforma, y sus respuestas.
scope-third-party = Lo que otras personas han publicado sobre usted
scope-third-party-about = Contenido público de otras personas que le nombra o le muestra.
scope-record = Un solo contenido
scope-record-about = Una publicación, un comentario, una foto o una conversación que usted indica con su dirección o su número.
kind-post = Publicaciones
kind-comment = Comentarios
kind-photo = Fotos y sus textos
kind-video = Vídeos y sus textos
kind-story = Historias
kind-ai-interaction = Conversaciones con funciones de IA
status-received = Recibida
status-received-about = Su oposición ha llegado. Los datos afectados se conservan, pero no se utilizan.
status-under-review = En revisión
status-under-review-about = Una persona revisa su oposición. Los datos afectados se conservan, pero no se utilizan.
status-approved = Aceptada
status-approved-about = Su oposición ha sido aceptada. Los datos afectados ya no se utilizan.
status-refused = Denegada
status-refused-about = Su oposición ha sido denegada. La carta indica los motivos y dónde puede reclamar.
status-withdrawn = Retirada
status-withdrawn-about = Usted ha retirado su oposición. Puede oponerse de nuevo en cualquier momento.
status-searching-about = Una persona busca el contenido al que usted se refiere. En cuanto sepamos cuál es, se conserva, pero no se utiliza.
status-searched-about = Su oposición ha sido aceptada. El contenido que hemos encontrado ya no se utiliza.

## Marco de todas las páginas

site-skip = Ir al contenido
site-privacy = Centro de privacidad
site-notice = Información pública
site-figures = Cifras sobre las oposiciones
site-no-account = Oponerse sin cuenta
site-language = Idioma
site-navigation = Páginas
site-contact = Contacto de protección de datos: { $contact }

## Enlace directo

link-title = Oponerse al uso de sus datos
link-intro = { $controller } quiere utilizar datos sobre usted para la finalidad «{ $purpose }», a partir del { $starts }. Aquí puede oponerse.
link-happens-title = Qué ocurre si usted se opone
link-happens-restricted = Desde ese momento, los datos se conservan, pero ya no se utilizan para esta finalidad (artículo 18, apartado 1, letra d), del RGPD).
link-happens-review = Revisamos la oposición y respondemos en el plazo de un mes, por correo electrónico y en una página propia para usted.
link-happens-automatic = La oposición se acepta de inmediato. Lo confirmamos por correo electrónico y en una página propia para usted.
link-happens-removed = Una vez aceptada, los datos se retiran de los datos de entrenamiento y no se utilizan en ningún entrenamiento posterior.
link-happens-accounts = Se aplica a todas sus cuentas aquí.
link-happens-back = Puede retirarla en cualquier momento.
link-covers-title = Qué abarca la oposición
link-no-reason = No tiene que indicar ningún motivo.
link-more = Elegir un alcance menor o mayor
link-privacy = Abrir el centro de privacidad
link-privacy-about = Allí ve su situación y puede oponerse respecto de contenidos concretos. No tiene que iniciar sesión.
link-done-title = Su oposición ha llegado
link-done = Tiene efecto desde el { $date }. Su número es { $case }.
link-already-title = Usted ya se ha opuesto
link-already = Su oposición del { $date } tiene el número { $case }. No hay nada más que hacer.
link-left-title = No ha cambiado nada
link-left = Usted no se ha opuesto. Puede hacerlo en cualquier momento, con este enlace o en el centro de privacidad.
link-invalid-title = Este enlace ya no funciona
link-invalid = Ha caducado o está incompleto. Aun así, puede oponerse aquí: escriba su dirección de correo electrónico y le enviamos un código.

## Centro de privacidad

privacy-title = Centro de privacidad
privacy-intro = Aquí ve para qué se utilizan datos sobre usted y puede oponerse a ello (artículo 21 del RGPD).
privacy-used-title = Qué se utiliza y para qué
privacy-used = { $controller } utiliza lo siguiente para la finalidad «{ $purpose }», a partir del { $starts }:
privacy-basis = La base jurídica es el interés legítimo (artículo 6, apartado 1, letra f), del RGPD).
privacy-not-used = No se utilizan mensajes privados entre personas ni contenido que no sea público, ni datos de personas menores de { $age } años.
privacy-none = En este momento no hay ninguna finalidad a la que pueda oponerse aquí.
privacy-state-title = Su situación
privacy-state-none = Usted no se ha opuesto.
privacy-state-objected = Usted se opuso el { $date }. Estado: { $status }.
privacy-state-signal = Su navegador envía la señal «Global Privacy Control». Consta como su oposición (artículo 21, apartado 5, del RGPD).
privacy-accounts = { $count ->
    [one] Su oposición se aplica a su cuenta.
   *[other] Su oposición se aplica a todas sus cuentas aquí ({ $count }).
}
privacy-object-title = Oponerse
privacy-scopes = ¿A qué se opone?
privacy-record-label = Dirección o número del contenido
privacy-record-hint = Un contenido por línea. Encontrará la dirección en el navegador o en «Compartir».
privacy-grounds-label = Sus motivos (opcional)
privacy-grounds-hint = No tiene que indicar ningún motivo. Si lo indica, lo lee una persona.
privacy-advised = Le recomendamos que se oponga a más tardar el { $date }. Oponerse después funciona de la misma manera.
privacy-later = El uso empezó el { $starts }. Puede oponerse igual que antes; la página de su expediente indica qué abarca la oposición.
privacy-choose = Elija al menos una de las opciones.
privacy-record-missing = Escriba la dirección o el número del contenido.
privacy-left = No ha cambiado nada. Usted no se ha opuesto y puede hacerlo en cualquier momento.
privacy-withdraw-title = Retirar
privacy-withdraw = Si retira la oposición, los datos podrán utilizarse de nuevo para la finalidad «{ $purpose }». Puede oponerse de nuevo en cualquier momento.
privacy-withdrawn = Su oposición ha sido retirada.
privacy-sign-in-title = Para saber de quién son los datos
privacy-sign-in = Inicie sesión, utilice el enlace de nuestro correo o pida un código a su dirección de correo electrónico. Basta con una de las tres cosas.
privacy-sign-in-button = Iniciar sesión
sign-in-failed-title = No se ha podido iniciar sesión
sign-in-down = El servicio de inicio de sesión no responde en este momento. Vuelva a intentarlo dentro de unos minutos, o utilice el enlace de nuestro correo o un código enviado a su dirección de correo electrónico.
sign-in-failed = No hemos podido confirmar quién es usted. No ha cambiado nada. Vuelva a intentarlo, o utilice el enlace de nuestro correo o un código enviado a su dirección de correo electrónico.
sign-in-unknown-title = No se ha encontrado ninguna cuenta
sign-in-unknown = Aquí no hay ninguna cuenta que corresponda a su inicio de sesión. De todos modos, puede oponerse sin cuenta.
sign-in-again = Volver a intentarlo
privacy-sign-in-without = Utilice el enlace de nuestro correo o pida un código a su dirección de correo electrónico. Basta con una de las dos cosas.
privacy-way-link-title = Utilizar su enlace personal
privacy-way-link = Nuestro correo sobre su derecho de oposición contiene un enlace que es solo suyo. Ábralo; no necesita nada más.
privacy-way-code-title = Recibir un código por correo electrónico
privacy-way-none = Para oponerse no necesita ninguna cuenta.
privacy-code-title = Escribir el código
privacy-choose-title = Elegir su cuenta
privacy-choose-about = Esta dirección de correo electrónico corresponde a cuentas de varias personas.
privacy-choose-label = Cuenta
privacy-choose-account = Elija una de las cuentas.
privacy-sign-out = Cerrar sesión
privacy-covered = Su oposición abarca todo lo que puede elegir aquí. No hay nada más que hacer.
privacy-items-title = Oponerse solo respecto de contenidos concretos
privacy-items-check = Escriba una dirección o un número por línea, como máximo { $count } a la vez.
privacy-signal-noted = Su navegador envía la señal «Global Privacy Control». Consta, pero no está en vigor como oposición. Puede oponerse en esta página.

## Página del expediente

case-title = Expediente { $case }
case-status = Estado
case-received = Recibida el
case-due = Respuesta a más tardar el
case-due-extended = Respuesta a más tardar el (plazo prorrogado)
case-restricted = Datos conservados, pero no utilizados, desde el
case-covers = Qué abarca
case-purpose = Finalidad
case-wrote = Lo que usted escribió
case-stays-title = Qué sigue siendo utilizable y por qué
case-stays-nothing = De los datos que abarca su oposición, nada sigue siendo utilizable.
case-stays-scopes = Lo que su oposición no abarca: { $scope }.
case-stays-record = Esta oposición abarca un solo contenido. No cambia nada para lo demás.
case-stays-mentioned-keep = El contenido de otras personas que le menciona sigue siendo utilizable: también es contenido de ellas. Puede oponerse por separado respecto de un contenido concreto.
case-stays-mentioned-redact = El contenido de otras personas que le menciona sigue siendo utilizable sin su nombre.
case-stays-mentioned-drop = El contenido de otras personas que le menciona no se utiliza.
case-stays-depicted-keep = Las fotos de otras personas que le muestran siguen siendo utilizables. Puede oponerse por separado respecto de una foto concreta.
case-stays-depicted-redact = Las fotos de otras personas que le muestran siguen siendo utilizables sin su nombre.
case-stays-depicted-drop = Las fotos de otras personas que le muestran no se utilizan.
case-stays-runs = Un entrenamiento que terminó antes de que su oposición tuviera efecto no se deshace por ella. Los entrenamientos posteriores ya no utilizan los datos.
case-sets-title = Datos de entrenamiento y entrenamientos
case-sets-none = Antes de que su oposición tuviera efecto no se crearon datos de entrenamiento.
case-sets-before = Estos datos de entrenamiento se crearon cuando su oposición no tenía efecto. Pueden contener o haber contenido datos sobre usted:
case-sets-after = Estos datos de entrenamiento se crearon cuando su oposición tenía efecto y no contienen nada de lo que abarca: { $names }.
case-set = Datos de entrenamiento
case-set-made = Creados el
case-set-rows = Contenidos suyos que figuran en ellos
case-set-hidden = Retirados del uso el
case-set-erased = Suprimidos el
case-set-open = Todavía no
case-set-gone = Eliminados por completo
case-runs = Estos entrenamientos leyeron esos datos de entrenamiento antes de que se retirara de ellos lo que abarca su oposición:
case-run = Entrenamiento
case-run-began = Comenzado el
case-run-ended = Terminado el
case-decision-title = Decisión
case-decision-none = Todavía no hay ninguna decisión.
case-decision-approved = Aceptada el { $date }.
case-decision-approved-by = Aceptada el { $date } por { $reviewer }.
case-decision-rule = Decidió una regla: para esta finalidad se acepta toda oposición al uso de los propios datos.
case-decision-refused = Denegada el { $date } por { $reviewer }.
case-letters-title = Cartas
case-letter-title = Carta del { $date }
case-letter = Leer la carta
case-receipt-title = Justificante
case-receipt = Descargar el justificante
case-receipt-about = Con este archivo, cualquiera puede comprobar más adelante que su oposición quedó registrada, sin preguntarnos.
case-recipients-title = A quién se ha informado
case-recipients-none = Los datos no se han comunicado a nadie.
case-recipients = Los datos se han comunicado a estos destinatarios. Les informamos de la limitación y de la supresión (artículo 19 del RGPD).
case-recipient = Destinatario
case-recipient-restricted = Informado de la limitación el
case-recipient-erased = Informado de la supresión el
case-recipient-lifted = Informado del fin de la limitación el
case-complain-title = Reclamar
case-complain = Puede presentar una reclamación ante una autoridad de control en cualquier momento (artículo 77 del RGPD). En su país es:
case-complain-any = Puede presentar una reclamación ante una autoridad de control en cualquier momento (artículo 77 del RGPD): en el país donde vive o trabaja, o donde se produjo la infracción.
case-complain-country = No sabemos en qué país vive.
case-complain-lead = La autoridad del país desde el que respondemos es:
case-complain-all = Autoridades de todos los países
case-complain-link = Ir a la autoridad
case-again-title = Añadir algo o pedir otra revisión
case-again = Si algo ha cambiado, puede decírnoslo. Una persona vuelve entonces a revisar el expediente.
case-again-label = ¿Qué ha cambiado?
case-again-button = Enviar

## Autoridades y tribunales

authority-german-laender = La comisionada federal supervisa los organismos federales y los servicios de telecomunicaciones y postales. Las demás empresas están supervisadas por la autoridad de un estado federado (Land): reclame ante la del Land en el que vive o en el que la empresa tiene su sede.
authority-german-laender-link = Autoridades de los Länder
court-route-eea = También puede acudir a los tribunales (artículo 79 del RGPD): en el país en el que tiene su residencia habitual o en uno en el que el responsable del tratamiento tenga un establecimiento.
court-route-elsewhere = También puede acudir a los tribunales (artículo 79 del RGPD): en un país del Espacio Económico Europeo en el que el responsable del tratamiento tenga un establecimiento.

## Información pública (artículo 14)

public-title = Cómo se utilizan datos para la finalidad «{ $purpose }»
public-right-title = Su derecho de oposición
public-right = Puede oponerse a este uso de sus datos en cualquier momento (artículo 21 del RGPD). No tiene que indicar ningún motivo ni necesita una cuenta.
public-controller = Responsable del tratamiento
public-contact = Contacto de protección de datos
public-purpose = Finalidad
public-interest = Interés legítimo perseguido
public-basis = Base jurídica
public-starts = Inicio del uso
public-what = Qué datos
public-source = De dónde proceden los datos
public-source-text = De lo que las propias personas publican en la plataforma, de lo que otras publican allí sobre ellas y de las conversaciones con funciones de IA.
public-recipients = Destinatarios
public-recipients-none = Los datos no se comunican a nadie.
public-transfers = Transferencias fuera del Espacio Económico Europeo
public-retention = Plazo de conservación
public-rights = Sus otros derechos
public-rights-text = También tiene derecho de acceso, de rectificación, de supresión y a la limitación del tratamiento (artículos 15 a 18 del RGPD), y derecho a presentar una reclamación ante una autoridad de control (artículo 77 del RGPD).
public-decisions = Ninguna decisión sobre usted se basa únicamente en este uso (artículo 22 del RGPD).
public-documents = Documentos
public-document-balancing = Ponderación de intereses
public-document-interest = Interés legítimo
public-document-necessity = Necesidad
public-document-dpia = Evaluación de impacto relativa a la protección de datos

## Sin cuenta

form-title = Oponerse sin cuenta
form-intro = Con este formulario puede oponerse al uso de contenido que le nombra o le muestra, o de contenidos concretos.
form-email-label = Dirección de correo electrónico
form-email-hint = La utilizamos para enviarle un código y la respuesta, y para nada más.
form-email-invalid = Escriba una dirección de correo electrónico, por ejemplo, name@example.com.
form-email-button = Enviar el código
form-errors = Falta algo o algo no es correcto
form-too-long = Escriba como máximo { $count } caracteres.
form-code-to = Su dirección de correo electrónico: { $email }
form-check-title = Compruebe lo que ha escrito
form-code-sent = Si la dirección es correcta, hay un código en camino. Es válido durante { $minutes } minutos.
form-code-label = Código del correo electrónico
form-code-invalid = Este código no coincide o ya no es válido. Compruébelo o pida uno nuevo.
form-code-again = Enviar un código nuevo
form-code-subject = Su código: { $code }
form-code-mail = Su código es { $code }. Es válido durante { $minutes } minutos. Si no lo ha pedido, no tiene que hacer nada.
code-none-subject = No hay ninguna cuenta con esta dirección de correo electrónico
code-none = Alguien ha pedido un código para esta dirección de correo electrónico en el centro de privacidad de { $controller }. Aquí no hay ninguna cuenta con esta dirección y, por tanto, no hay código. Si ha sido usted, puede oponerse sin cuenta.
code-none-ignore = Si no ha sido usted, no tiene que hacer nada.
form-about-label = ¿A qué se refiere la oposición?
form-about-own = Lo que he publicado aquí y lo que he dicho a funciones de IA
form-about-own-hint = En todas las cuentas de aquí que tienen esta dirección de correo electrónico.
form-about-items = Contenidos concretos
form-about-mentions = Todo el contenido que me nombra o me muestra
form-items-many = Indique como máximo { $count } contenidos a la vez. Después puede indicar más.
form-item-long = Una dirección o un número tiene como máximo { $count } caracteres. Escriba un contenido por línea.
form-name-label = Cómo le nombran otras personas (opcional)
form-name-hint = Nombres o nombres de cuenta con los que podamos encontrar contenido sobre usted. Sin ellos, es posible que no sepamos a qué contenido se refiere (artículo 11 del RGPD).
form-done-title = Su oposición ha llegado
form-done = La hemos registrado con el número { $case } y responderemos por correo electrónico a más tardar el { $due }.
form-done-many = Hemos registrado sus { $count } oposiciones con estos números y responderemos por correo electrónico a más tardar el { $due }.
form-more = Oponerse a otra cosa
form-limit = Hoy han llegado muchas oposiciones desde esta dirección de correo electrónico; todas están registradas. Lo que figura abajo no se ha enviado. Puede enviarlo mañana o escribir a { $contact }.
form-received = Gracias. Si podemos asignar la solicitud, recibirá un correo electrónico al respecto.
route-title = Actúa por otra persona o no puede iniciar sesión
route-intro = Una persona de { $controller } lee lo que usted escribe aquí y responde a más tardar el { $due }.
route-guardian = Por un menor o una persona a mi cargo
route-heir = Por una persona fallecida
route-locked-out = No puedo entrar en mi cuenta
route-page-author = Escribo en nombre de una página o un grupo
route-output = Un resultado de IA contiene datos sobre mí
route-other = Otra cosa
route-message-label = ¿De qué se trata?
route-message-hint = No adjunte documentos de identidad. Si necesitamos algo más, se lo pediremos.
route-message-missing = Escriba de qué se trata.
route-button = Enviar el mensaje
route-done = Su mensaje ha llegado. Una persona responde a más tardar el { $due }.

## Cifras sobre las oposiciones

figures-title = Cifras sobre las oposiciones
figures-intro = Estas cifras proceden del registro de oposiciones. Situación a { $date }.
figures-received = Recibidas
figures-approved = Aceptadas
figures-refused = Denegadas
figures-withdrawn = Retiradas
figures-open = Abiertas
figures-grounds = Denegadas, por motivo
figures-answer = Tiempo hasta la respuesta
figures-effect = Tiempo hasta que los datos dejan de utilizarse
figures-median = La mitad de los expedientes: como máximo
figures-p95 = 95 de cada 100 expedientes: como máximo
figures-sent = Avisos enviados
figures-bounced = Avisos no entregados
figures-over-time = Evolución en el tiempo
figures-small = menos de { $count }
figures-small-about = Los números pequeños no se muestran, para que no se pueda reconocer a nadie.
figures-download = Descargar como archivo
figures-standing = Cada oposición cuenta una vez, según su estado actual.
figures-none = Todavía no hay oposiciones.
figures-withheld = no se muestra
figures-withheld-about = «No se muestra» figura donde un número pequeño podría calcularse a partir de los demás.
figures-month = Mes
figures-earlier = Antes
figures-number = Número
figures-table = Mostrar como tabla
figures-chart = Barras por mes, de { $from } a { $until }. Número más alto mostrado: { $number }, en { $month }.
figures-chart-unknown = Un signo de interrogación representa un número pequeño o que no se muestra.
figures-times = Cuánto se tarda
figures-times-about = Una oposición ha surtido efecto cuando los datos afectados ya no se utilizan en ninguna parte: está anotada en el registro, desde ese momento no se elabora nada nuevo con esos datos, y se han retirado de los datos de entrenamiento creados antes. «Todavía no» aparece donde demasiadas oposiciones lo esperan aún. Los tiempos están redondeados al alza.
figures-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
}
figures-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
figures-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
figures-sources = Recibidas, por vía
figures-source-link = Enlace en un aviso
figures-source-agent = Software que actúa por la persona
figures-source-staff = Introducidas por el personal
figures-source-import = Tomadas de otro sistema
figures-scopes = Recibidas, según los datos afectados
figures-notices = Avisos
figures-ground-legal-claims = Reclamaciones judiciales
figures-ground-public-interest = Interés público importante
figures-ground-security = Seguridad de personas o sistemas
figures-ground-research = Investigación o estadística
figures-ground-freedom-of-expression = Libertad de expresión y de información
figures-ground-other = Otros motivos

## Páginas de error

error-404-title = Esta página no existe
error-404 = Compruebe la dirección. Puede oponerse en el centro de privacidad en cualquier momento.
error-403-title = No puede abrir esta página
error-403 = Pertenece a otra persona o su sesión ha terminado. Puede volver a iniciar sesión en el centro de privacidad.
error-405-title = Eso no es posible en esta página
error-405 = Abra de nuevo la página y utilice sus botones.
error-expired-title = Este formulario es demasiado antiguo
error-expired = No se ha enviado nada. Abra de nuevo la página y repita el paso.
error-429-title = Demasiadas solicitudes
error-429 = Espere { $seconds ->
    [one] { $seconds } segundo
   *[other] { $seconds } segundos
} y vuelva a intentarlo. No se ha perdido nada.
error-500-title = Se ha producido un error por nuestra parte
error-500 = Es posible que su solicitud no haya quedado registrada. Vuelva a intentarlo o escriba a { $contact }.
error-503-title = No disponible en este momento
error-503 = Vuelva a intentarlo dentro de unos minutos. No hay plazo para oponerse.

## Aviso

notice-subject = Su derecho de oposición: { $purpose }
notice-title = Su derecho de oposición
notice-right = Tiene derecho a oponerse en cualquier momento a que { $controller } utilice sus datos personales para la finalidad «{ $purpose }» (artículo 21, apartado 1, del RGPD).
notice-no-reason = No tiene que indicar ningún motivo ni iniciar sesión.
notice-button = Oponerse
notice-button-about = El enlace abre una página que dice qué ocurrirá. Solo el botón de esa página supone la oposición.
notice-advised = Le recomendamos que se oponga a más tardar el { $date }. Oponerse después funciona de la misma manera, con el mismo enlace o en el centro de privacidad.
notice-leave = Si quiere dejarlo como está, no tiene que hacer nada.
notice-about-title = Qué está previsto
notice-about = A partir del { $starts }, { $controller } utiliza los siguientes datos sobre usted para la finalidad «{ $purpose }»:
notice-minors = No se utilizan datos de personas menores de { $age } años.
notice-happens-title = Qué ocurre si usted se opone
notice-third-party = El contenido de otras personas sobre usted es una opción aparte en el centro de privacidad.
notice-details-title = Información conforme a los artículos 13 y 14 del RGPD
notice-basis = interés legítimo (artículo 6, apartado 1, letra f), del RGPD)
notice-privacy = Centro de privacidad
notice-public = Información completa
notice-why = Recibe este mensaje porque tiene una cuenta en { $controller }. No es publicidad.

## Cartas

letter-about = Expediente { $case }, finalidad «{ $purpose }»
letter-case-link = Abrir el expediente
letter-case-hint = En la página del expediente ve el estado y puede retirar la oposición o reclamar.
letter-covers = Su oposición abarca:
letter-record = el contenido { $record }
letter-closing = { $controller }, protección de datos
letter-contact = Contacto: { $contact }
letter-again = Puede oponerse de nuevo en cualquier momento. No tiene que indicar ningún motivo.
letter-receipt-subject = Su oposición ha llegado (expediente { $case })
letter-receipt-title = Su oposición ha llegado
letter-receipt = Recibimos su oposición el { $received }.
letter-receipt-restricted = Desde el { $since }, el tratamiento de los datos afectados está limitado: se conservan, pero no se utilizan para esta finalidad hasta que hayamos decidido (artículo 18, apartado 1, letra d), del RGPD).
letter-receipt-search = Una persona busca el contenido al que usted se refiere. En cuanto sepamos cuál es, se conserva, pero no se utiliza para esta finalidad hasta que hayamos decidido (artículo 18, apartado 1, letra d), del RGPD).
letter-receipt-more = Hemos registrado estas oposiciones:
letter-receipt-due = Responderemos a más tardar el { $due }.
letter-receipt-lifted = Antes de que se levante la limitación, le informaremos (artículo 18, apartado 3, del RGPD).
letter-approval-subject = Su oposición ha sido aceptada (expediente { $case })
letter-approval-title = Su oposición ha sido aceptada
letter-approval = El { $decided } aceptamos su oposición del { $received }.
letter-approval-effect = Los datos afectados ya no se utilizan para esta finalidad (artículo 21, apartado 1, del RGPD). Lo que ya figura en datos de entrenamiento se retira del uso y se suprime (artículo 17, apartado 1, letra c), del RGPD). La página del expediente indica las fechas.
letter-approval-search = El contenido que hemos encontrado ya no se utiliza para esta finalidad (artículo 21, apartado 1, del RGPD). Lo que de él ya figura en datos de entrenamiento se retira del uso y se suprime (artículo 17, apartado 1, letra c), del RGPD). Si encuentra más, puede oponerse por separado.
letter-approval-recipients = Informamos de ello a quienes se comunicaron los datos (artículo 19 del RGPD).
letter-refusal-subject = Nuestra decisión sobre su oposición (expediente { $case })
letter-refusal-title = Su oposición ha sido denegada
letter-refusal = { $reviewer } ha revisado su oposición del { $received } y la ha denegado el { $decided }.
letter-refusal-grounds = Según nuestra valoración, existen motivos legítimos imperiosos que prevalecen sobre sus intereses, derechos y libertades (artículo 21, apartado 1, del RGPD). Los motivos son los siguientes:
letter-refusal-lifted = La limitación del tratamiento de sus datos termina el { $lifted } (artículo 18, apartado 3, del RGPD). Hasta entonces, los datos no se utilizan.
letter-refusal-complain-title = Qué puede hacer
letter-refusal-complain = Si no está de acuerdo, puede presentar una reclamación ante la autoridad de control (artículo 77 del RGPD):
letter-extension-subject = Necesitamos más tiempo para su oposición (expediente { $case })
letter-extension-title = Necesitamos más tiempo para su oposición
letter-extension = Su oposición del { $received } debía responderse a más tardar el { $due }. Prorrogamos este plazo hasta el { $until } (artículo 12, apartado 3, del RGPD).
letter-extension-reasons = Los motivos son los siguientes:
letter-extension-restricted = Hasta que hayamos decidido, los datos se conservan, pero no se utilizan para esta finalidad.
letter-extension-complain = Si no está de acuerdo con la prórroga, puede presentar una reclamación ante la autoridad de control (artículo 77 del RGPD):
letter-withdrawal-subject = Su oposición ha sido retirada (expediente { $case })
letter-withdrawal-title = Su oposición ha sido retirada
letter-withdrawal = El { $withdrawn } usted retiró su oposición del { $received }.
letter-withdrawal-effect = Los datos que abarcaba pueden utilizarse de nuevo para esta finalidad.
letter-withdrawal-mistake = Si no fue usted quien la retiró, opóngase de nuevo en la página del expediente o escríbanos.
letter-lifting-subject = La limitación del tratamiento de sus datos termina (expediente { $case })
letter-lifting-title = La limitación del tratamiento de sus datos termina
letter-lifting = Le informamos de antemano de que la limitación del tratamiento de los datos que abarca su oposición del { $received } termina el { $lifted } (artículo 18, apartado 3, del RGPD).
letter-lifting-refused = El motivo es que su oposición fue denegada el { $decided }. La carta correspondiente indica los motivos.
letter-lifting-withdrawn = El motivo es que usted retiró su oposición el { $decided }.
letter-lifting-effect = A partir de ese día, los datos pueden utilizarse para esta finalidad.
