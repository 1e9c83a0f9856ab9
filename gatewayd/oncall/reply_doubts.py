"""Words beside an `ok` by which nobody takes anything, or not all of it: later, somebody else, except, on holiday.

In whatever language of ours they stand, the reply is asked back: that costs one text, a fault that nobody works on
costs the night. An ordinary note must not be among them ("ok, restarting db1", "ok without lights here").
"""

from __future__ import annotations

from functools import cache

from gatewayd.oncall.reply_words import Phrase, phrases


def _set(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


# A but, later, somebody else, asleep; then all but this one, somebody has it, instead; then holiday and absence.
_DOUBTS = (
    "but|later|later on|tomorrow|in the morning|someone else|somebody else|anyone else|anybody else|another person"
    "|give it to|give to|hand it|hand over|pass it|pass to|pass on|you do it|you take it|you take this|do it yourself"
    "|ask someone|ask somebody|call someone|call somebody|let him|let her|let them|asleep|sleeping|sleep|in bed|to bed"
    "|too tired|drunk|off sick|on leave|off duty|unavailable"
    "|ond|wedyn|nes ymlaen|hwyrach|yfory|rhywun arall|cysgu|yn y gwely|wedi blino|gwna di|gwnewch chi|rho fe i|rho fo i"
    "|aber|später|spaeter|nachher|morgen|morgen früh|jemand anders|jemand anderes|jemand anderer|wer anders|ein anderer"
    "|mach du|machs du|mach du's|macht ihr|mach es du|nimm du|übernimm du|gib es|gib's|gebt es|weitergeben|schlafe"
    "|schlaf|schlafen|im bett|ins bett|zu müde|krank|betrunken"
    "|mais|plus tard|tout à l'heure|demain|quelqu'un d'autre|une autre personne|je dors|dors|dormir|au lit|fais le toi"
    "|fais-le|vas-y toi|donne le|donnez le|donne à|passe le|passez le|passe à|malade"
    "|pero|más tarde|luego|después|mañana|otra persona|alguien más|que otro|que lo haga|dormido|dormida|durmiendo"
    "|en la cama|enfermo|enferma|hazlo tú|hágalo|dáselo|dalo a|pásalo|pásaselo"
    "|ale|później|potem|jutro|rano|ktoś inny|kogoś innego|komuś innemu|niech|śpię|w łóżku|chory|chora|zrób to|ty zrób"
    "|weź ty|weź to|daj to|przekaż"
    "|except|excepting|except for|apart from|other than|besides|excluding|not including|instead|rather not"
    "|has it|has got it|has this one|has that one|you have it|they have it|he took it|she took it"
    "|already took it|is on it|hes on it|shes on it|theyre on it|they are on it|is handling it"
    "|is dealing with it|is taking it|he will|she will"
    "|außer|ausser|bis auf|ausgenommen|abgesehen von|stattdessen|anstatt|statt|lieber nicht"
    "|hat es|hats|macht das|macht es|machts|nimmt es|nimmt das|kümmert sich|kuemmert sich"
    "|übernimmt das|übernimmt es|ist dran|ist schon dran|ist zuständig"
    "|sauf|hormis|à part|excepté|à la place|plutôt pas|s'en occupe|s'en charge|il s'en|elle s'en|le prend|la prend"
    "|est dessus|il l'a|elle l'a|l'a déjà|l'a pris"
    "|salvo|excepto|aparte de|en lugar de|en su lugar|en vez de|lo tiene|la tiene|ya lo tiene|se encarga|se ocupa"
    "|lo lleva|lo coge|lo toma"
    "|oprócz|prócz|z wyjątkiem|wyjąwszy|zamiast|ma to|już ma|bierze to|zajmie się|się tym zajmie|on ma|ona ma"
    "|heblaw|ac eithrio|ar wahân i|yn lle|mae gan|sydd gan|gan rywun"
    "|holiday|holidays|vacation|annual leave|on pto|day off|days off|im away|i am away|away until|away till"
    "|abroad|out of office|out of the office|out of town|not at work|not on call|not on duty|im off today"
    "|im off until|im off this"
    "|urlaub|ferien|abwesend|außer haus|nicht im dienst|habe frei|hab frei|im ausland|krankgeschrieben|dienstfrei"
    "|vacances|congé|congés|absent|absente|à l'étranger|en arrêt maladie|pas de service|en repos|je suis en rtt"
    "|vacaciones|estoy ausente|de baja|día libre|en el extranjero|fuera de la oficina|no estoy de guardia|libranza"
    "|urlop|urlopie|urlopu|nieobecny|nieobecna|zwolnieniu|zwolnienie|za granicą|mam wolne|dzień wolny|nie mam dyżuru"
    "|wakacje|wakacjach"
    "|gwyliau|ar wyliau|ar fy ngwyliau|ar absenoldeb|dramor|diwrnod i ffwrdd|absennol"
)
# Left alone; ill; good night; who writes; and somebody else who might.
_UNWILLING = (
    "ignore|ignoring|ignored|leave me alone|leave me be|leave me out|leave me in peace|leave it|let me sleep|go away"
    "|stop calling|stop texting|snooze|remind me|another time|some other time"
    "|in hospital|in the hospital|at the hospital|to hospital|to the hospital|emergency room|sick|im ill|i am ill"
    "|feel ill|feeling ill|unwell|poorly|injured|in surgery"
    "|good night|goodnight|night night|off to sleep|who is this|whos this|who is that|whos that|who are you|who dis"
    "|anwybyddu|anwybydda|gad lonydd|gadewch lonydd|gad fi|gadewch fi|llonydd|yn yr ysbyty|yn sâl|dwi'n sâl"
    "|nos da|pwy yw hwn|pwy ydy hwn|pwy yw hon|pwy wyt ti|pwy ydych chi|pwy dych chi|pwy sy 'na"
    "|ignorieren|ignoriere|ignorier|lass mich|lasst mich|im krankenhaus|ins krankenhaus|im spital"
    "|in der klinik|notaufnahme|verletzt|mir ist schlecht|gute nacht|gut nacht|wer ist da|wer ist das|wer bist du"
    "|wer sind sie|wer schreibt"
    "|ignorer|ignorez|laisse moi|laissez moi|laisse-moi|laissez-moi|fiche moi la paix|à l'hôpital"
    "|aux urgences|souffrant|souffrante|blessé|blessée|bonne nuit|qui est ce|qui est-ce|c'est qui|qui êtes vous"
    "|qui êtes-vous|qui es tu|qui es-tu|peut le faire|peut s'en occuper|peut s'en charger|pourrait le faire|peux tu"
    "|peux-tu|pouvez vous|pouvez-vous"
    "|ignorar|ignóralo|ignoralo|déjame en paz|dejame en paz|déjeme en paz|déjenme|en paz|en el hospital|al hospital"
    "|en urgencias|herido|herida|buenas noches|quién es|quién eres|quién habla|quién escribe|puede hacerlo"
    "|podría hacerlo|lo puede hacer|puede encargarse|puede ocuparse"
    "|ignoruj|zignoruj|daj mi spokój|dajcie mi spokój|spokój|zostaw mnie|zostawcie mnie|w szpitalu|do szpitala"
    "|na sorze|ranny|ranna|dobranoc|dobrej nocy|kto to|kto tam|kto pisze|kim jesteś|może to zrobić|może się zająć"
    "|mógłby|mogłaby"
    "|few beers|few drinks|been drinking|wedding|funeral|wedi bod yn yfed|priodas"
    "|angladd|getrunken|hochzeit|beerdigung|j'ai bu|mariage|enterrement|he bebido|boda|entierro|piłem"
    "|piłam|wesele|weselu|pogrzeb|pogrzebie|pijany|pijana|nietrzeźwy|nietrzeźwa"
)
# On these terms only; unable for now; rude; praise; and what only begins like "looking".
_TERMS = (
    "if needed|nach hause|do domu|spać|à la maison|a casa|swapped with|if need be|if necessary|if required"
    "|if possible|if you want|if you like|if you wish|if you need|if nobody|if no one|if noone|if i must"
    "|if i have to|if i can|unless|provided that|as long as|only if|even if|on a plane|on the plane|on a flight"
    "|boarding|i quit|shut up|fuck off|fuck you|piss off|already told|well done|good job|nice work|looking good"
    "|looks good|looking fine|looking better|looking forward|looking for someone|looking for somebody|checking in"
    "|checking with|checking out|checking account|check with|copy of|sure about|mine is|mine are|somebody take"
    "|someone take|somebody please|someone please|os oes rhaid|os oes angen|os na|os ydych|os wyt|da iawn ti"
    "|ar awyren|wenn es sein muss|wenn nötig|falls nötig|wenn keiner|wenn niemand|falls keiner|falls niemand"
    "|wenn du willst|wenn ihr wollt|wenn möglich|es sei denn|gut gemacht|schluss|feierabend|im flugzeug"
    "|schaue fern|gère mal"
    "|auf arbeit|im flieger|falsche nummer|halt die klappe|leck mich|si besoin|si nécessaire|si personne"
    "|s'il le faut|si tu veux|si vous voulez|si possible|à moins|bien joué|bien fait|dans l'avion|faux numéro"
    "|mauvais numéro|vois avec|voyez avec|voir avec|ma retraite|la télé|si hace falta|si es necesario|si nadie"
    "|si quieres|si quiere|si queréis|si puedo|a menos que|bien hecho|en el avión|en un avión|número equivocado"
    "|sin cobertura|jeśli trzeba|jak trzeba|jeżeli trzeba|jeśli nikt|jak nikt|jeśli chcesz|jak chcesz|chyba że"
    "|dobra robota|w samolocie|biorę wolne|mam wolne|zły numer|odczep się|spadaj"
)
# Enough of it; in the middle of the night; somebody else must help; where one drinks or sits; and nothing to work with.
_NOT_HERE = (
    "stop sending|stop paging|stop it already|enough already|thats enough|knock it off|middle of the night"
    "|at this hour|someone with|somebody with|waiting for someone|waiting for somebody|need someone|need somebody"
    "|phone is dying|out of battery"
    "|dyna ddigon|ganol nos|canol nos|nghanol y nos|yr adeg yma|rhywun gyda|rhywun sydd"
    "|wedi torri fy|batri wedi marw|batri'n fflat"
    "|hört auf|hör auf|aufhören|es reicht|mitten in der nacht|uhr nachts|uhr früh|uhr morgens|um diese zeit"
    "|um diese uhrzeit|jemand mit|jemanden mit|jemand der"
    "|arrêtez|arrête|ça suffit|pleine nuit|milieu de la nuit|du mat|à cette heure|quelqu'un avec|quelqu'un qui"
    "|plus de batterie|heures du matin|h du matin"
    "|parad|parad ya|basta|ya basta|dejad de|medio de la noche|plena noche|de la madrugada|a estas horas"
    "|alguien con|portátil roto|portátil en casa"
    "|sin batería|sin portátil|sin ordenador"
    "|przestań|przestańcie|dość|wystarczy|środku nocy|drugiej w nocy|trzeciej w nocy|czwartej w nocy|o tej porze"
    "|ktoś z|kogoś z"
    "|laptop padł|padł mi laptop|rozładowany|rozładowana|rozładował|laptop w domu"
    "|bez laptopa|bez kompa"
)
# These only when they are all that stands beside the `ok`: "ok call me back" is a note, and so is "ok wait for me".
_ALONE = (
    "wait|hold on|hang on|wait wait|call me|ring me|phone me|maybe|perhaps|possibly|stop|whatever|google"
    "|stop it|stop this|stop them|stop these|stop that|turn this off|turn it off|switch it off|switch this off"
    "|stopp|mach aus|mach das aus|para|para ya|paren|páralo|stój|wyłącz to|stopiwch|stopia|diffoddwch"
    "|false alarm|next|escalate"
    "|in a bit|after lunch|after dinner|after work|next week|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    "|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|nächste woche|fehlalarm"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|la semaine prochaine|fausse alerte"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo|el lunes|la semana que viene|falsa alarma"
    "|poniedziałek|w poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|za tydzień|fałszywy alarm"
    "|dydd llun|dydd mawrth|dydd mercher|dydd iau|dydd gwener|dydd sadwrn|dydd sul|wythnos nesaf"
    "|周一|周二|周三|周四|周五|周六|周日|下周|误报|誤報"
    "|aros|arhoswch|ffonia fi|ffoniwch fi|galw fi|efallai"
    "|warte|warten|wart mal|warte mal|moment mal|ruf mich an|ruf an|rufen sie mich an|vielleicht"
    "|attends|attendez|attendre|appelle moi|appelle-moi|appelez moi|appelez-moi|peut être|peut-être"
    "|espera|espere|esperen|esperar|llámame|llamame|llámeme|quizás|quizá|tal vez"
    "|czekaj|poczekaj|zaczekaj|zadzwoń|zadzwoń do mnie|może"
    "|in the pub|at the pub|down the pub|in a bar|at the bar|at the cinema|at a gig|at a concert|in the theatre"
    "|yn y dafarn|yn y sinema|mewn cyngerdd|in der kneipe|in einer kneipe|im pub|im kino|im theater|im konzert"
    "|auf einem konzert|au pub|au bar|au cinéma|au théâtre|au concert|en el bar|en un bar|en el cine|en el teatro"
    "|en un concierto|w pubie|w knajpie|w kinie|w barze|w teatrze|na koncercie"
    "|等|等等|等一下|打给我|打給我|给我打电话|給我打電話|也许|也許|可能"
)
# These only look like it.
_FINE = (
    "交给我|交給我|都交给我|都交給我"
    "|leave it with me|leave it to me|leave it running|lass mich schauen|lass mich sehen|laisse moi voir"
)
SIGNS = (
    "但", "不过", "不過", "可是", "睡", "晚点", "晚點", "稍后", "稍後", "待会", "待會", "等会", "等會", "以后", "以後",
    "明天", "改天", "其他人", "别人", "別人", "换人", "換人", "转给", "轉給", "交给", "交給", "你来", "你來", "你去",
    "在忙", "很忙", "太忙",
    "除了", "除外", "以外", "之外", "换成", "換成", "而不是", "叫他", "叫她", "让他", "讓他", "让她", "讓她", "他来",
    "他來", "她来", "她來", "他去", "她去", "他负责", "他負責", "她负责", "她負責", "他在处理", "她在处理", "休假",
    "度假", "放假", "请假", "請假", "出差", "年假", "病假", "外出", "不在",
    "忽略", "不理", "别烦", "別煩", "住院", "在医院", "在醫院", "生病", "病了", "发烧", "發燒", "晚安", "你是谁",
    "你是誰", "喝酒", "婚礼", "葬礼", "哪位", "谁啊", "誰啊", "吗", "嗎", "发给", "發給",
    "半夜", "三更", "酒吧", "看电影", "看電影", "够了", "夠了", "停一停", "再说", "再說", "家再", "去再",
    "班再", "点再", "點再", "上再",
)  # fmt: skip

# So is what leaves out one of several, or gives it to somebody, when a code stands behind it ("skip 47", "Ben has 47").
_BEFORE_CODE = (
    "except but without bar minus less excluding skip leave drop forget ignore exclude mute silence snooze"
    " has took takes"
    " ausser ohne hat nimmt ubernimmt macht minus uberspringe uberspringen ignoriere"
    " sauf sans hormis excepte a prend saute laisse ignore"
    " salvo excepto menos sin tiene toma coge lleva salta deja omite ignora"
    " oprocz procz bez poza ma bierze pomin zostaw ignoruj"
    " heblaw heb gan ond"
)
BEFORE_CODE = _set(_BEFORE_CODE)
BEFORE_CODE_SIGNS = ("有", "除", "跳过", "跳過", "处理", "處理", "负责", "負責", "接", "忽略")  # at the end of a run
OWN_SIGNS = ("我", "正在", "马上", "馬上")  # but not when the run begins so: "我处理47"
ONLY = _set("only just nur seulement solo solamente tylko 只 只有")  # "only 47" says which one

# May stand between such a word and its code.
ARTICLES = _set("the number no nr code incident die den der das la le el los y yr numer kod rhif")
# "47 is Ben's", "47 ist bei Ben": after the codes.
COPULAS = _set("is are was hat goes belongs ist sind gehort est sont es son esta jest sa sydd yw gan 是 归 歸")
# With two codes or more: "10, 47 for Ben".
FOR = _set("for fur pour para dla ar i 给 給")
# "Yes, call Ben" tells us to.
_CALLS = (
    "call ring wake ruf weck weckt appelle appelez reveille reveillez llama llame llamad despierta despertad zadzwon"
    " dzwon obudz obudzcie ffonia deffra"
)
CALLS = _set(_CALLS)
# So does "tell Ben", unless their own part stands in it ("tell Ben I'm on it"); "can Ben do it" asks for it.
_TELLS = (
    "tell ask send forward frag frage sag sage schick informier weck soll sollen demande demandez dis dites envoie"
    " envoyez previens prevenez pregunta preguntale dile avisa avisale manda mandaselo envia enviaselo puede podria"
    " zapytaj powiedz wyslij popros czy gofynna gofynnwch dywed dwed anfona anfonwch gall all allai gallai"
)
TELLS = _set(_TELLS)
CAN = _set("can could would will kann konnte konnten konnt may might")
DO = _set("do take handle have look go fix sort cover see deal it this that das es dies ihn machen ubernehmen")
OWN = _set("i we ich wir ill man")
TELL_SIGNS = ("叫", "让", "讓", "问问", "問問", "去问", "去問", "告诉", "告訴", "派")  # at the head of a run
MARKS = frozenset("😴💤🛌🤒🤕🤢🤮🏥🙅🤷🖕")
# Who begins so speaks of somebody else's part: "ok you take it", "yes! You have won".
_OTHERS = (
    "you your youre youve he she they hes shes theyre du ihr ihre er sie tu vous votre vos elle elles usted"
    " ustedes su sus hemos panstwa twoja twoj ona oni ti chi eich rydych"
)
OTHERS = _set(_OTHERS)
SOMEBODY = _set("somebody someone anybody anyone jemand alguien ktos rhywun")
OTHER_SIGNS = ("有人", "谁来", "誰來", "您", "你", "他", "她", "我们", "我們")
# And who asks after a bare `ok` has taken nothing yet: "ok what is it", "ok why me".
_INTERROGATIVES = (
    "what whats why who whos whose how when where which was warum wieso weshalb wer wann wo welche quoi pourquoi quand"
    " comment lequel que quien cuando como donde por co dlaczego kto kiedy gdzie ktory beth pam pwy pryd ble"
)
INTERROGATIVES = _set(_INTERROGATIVES)
INTERROGATIVE_SIGNS = ("什么", "什麼", "为什么", "為什麼", "怎么", "怎麼", "何时", "哪")
# A condition where it stands right behind the `ok`; behind "looking" it is what they look at.
CONDITIONS = _set("if unless assuming provided wenn falls sofern sobald si jesli jezeli gdyby gdy os unwaith pan")
# So is a time that has yet to come: "oui dès que je rentre".
_UNTIL_THEN = (
    "as soon as|after|right after|straight after|as if|ar ôl|fel petai|nach dem|nach der|nach meinem|nach meiner"
    "|als ob|après|comme si|después de|después del|tras|como si|po|jakby"
    "|once i|once im|once ive|once the|once my|once we|when im|when i"
    "|dès que|aussitôt que|une fois que|une fois à|une fois rentré|quand je|en cuanto"
    "|tan pronto|cuando|cyn gynted|kiedy|jak tylko|jak wrócę|jak dojadę|jak będę|jak skończę|jak wstanę|jak zjem"
)
CONDITION_SIGNS = ("如果", "要是", "除非", "的话", "的話")
# What machines do; what comes behind that is no delay of the person.
WORKS = (
    "reboot", "restart", "restarc", "backup", "deploy", "rollout", "update", "upgrade", "patch", "failover", "neustart",
    "redemarrage", "reinicio", "reiniciar", "aktualizac", "ailgychwyn",
)  # fmt: skip
# Who takes so many minutes takes a break.
TAKES = _set("take prends nehme nehm biore cojo tomo cymryd")
TURNS = _set("turn week shift weekend")
OWN_TURN = _set("my own it the its this that im ive we weve i")
SOME = _set("two three five ten fifteen twenty deux trois cinq dix quinze vingt quelques un unos dos tres cinco diez")
NOW = _set("now you the sure me moi mich mi mnie a an this tonight today real good free long while")
CALLS_ME = _set("me us back mich uns moi nous moj mi me nos")


@cache
def doubts() -> frozenset[Phrase]:
    return frozenset(phrases(f"{_DOUBTS}|{_UNWILLING}|{_TERMS}|{_NOT_HERE}"))


@cache
def leave_me() -> frozenset[Phrase]:
    return frozenset(
        phrases("leave me|let me have|laisse moi|laisse-moi|laissez moi|laissez-moi|déjame|déjeme|lass mir")
    )


@cache
def until_then() -> frozenset[Phrase]:
    return frozenset(phrases(_UNTIL_THEN))


@cache
def alone() -> frozenset[Phrase]:
    return frozenset(phrases(_ALONE))


@cache
def fine() -> frozenset[Phrase]:
    return frozenset(phrases(_FINE))
