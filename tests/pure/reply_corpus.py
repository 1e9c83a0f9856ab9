"""What tired people type, and what a careful dispatcher does with it. For whoever keeps the rota: read it, add to it.

`take`, `refuse` and `close` with the codes that are meant (none: the one that waits); `take all`; `ask`: nothing is
done, and the person is asked back; `machine`: nobody wrote it, so it takes nothing. `|` parts the texts.

Three decisions. A word by which people of the trade say that they have a message and act on it takes it (roger, copy,
understood, reçu, recibido, 收到); one that only tells that it was read is asked back (seen, gelesen, 看到了). A slip
of the finger is asked back, and never guessed. A number that may be a time is no code (ok in 10, ok 10 min).
"""

from __future__ import annotations

CORPUS: dict[str, dict[str, str]] = {
    "en": {
        "take": """ok|Ok.|OK!!|OK|o.k.|okay|k|kk|K.|okk|okkk|okok|ok ok|oki|okey dokey|okie dokie|Okie doke|y
yes|yes!|yep|yup|Yup.|yea|yeah|aye|sure|sure thing|Sure!|alright|ack|ack'd|acked|ACK|roger|roger that|copy
copy that|understood|noted|affirmative|on it|On it!|on it now|im on it|I'm on it|i'm on this|on this|right on it
omw|otw|on way|on my way|im omw|on my way now|on the way|I'm on the way|got it|Got this|I got this|i got it
I've got this|i have it|I have this|will look|looking|Looking.|looking now|looking into it|looking at it
Looking into it now|having a look|taking a look|I'm looking at it|checking|checking now|checking it
Checking it now|I'll check|will check|ill check it now|investigating|I'm investigating|working on it
I'm working on it|on the case|I'll do it|i will do it|I'll take it|i will take it|i'll take this
I'll take this one|taking it|taking this|Taking this one|mine|it's mine|this one is mine|heading in|logging in
logging on now|I'll handle it|handling it|dealing with it|I'll deal with it|👍|👌🏼|👍🏻👍🏻|✅|🫡|👍 on it
ok 👍🏽|hi, on it|Hello ok|hey, ok|morning, ok|good morning, on it|im up, on it|I'm up. On it|I'm awake, looking
awake, on it|sorry for the delay, on it|sorry just woke up, on it|hi all, on it|Right, on it|ok thanks|ok ta
cheers, on it|yes mate|yes mate on it|yes please|yes I'm on it|ok np|ok no worries|no problem, on it|ok boss
ok, up now|ok logging in|ok having a look|ok 10 min|ok in 10|ok 10 minutes|ok give me 10|ok 10-15 min
ok, 10 to 15 minutes|ok 10 more minutes|ok there by 10|on my way, 10 min|omw, 20 mins out|on it, back in 10
ok need 10 to boot|on it in 10|ok eta 10|ok about 10 mins|ok, driving in, 20 mins|ok calling Ben too
ok tell Ben I'm on it|ok, restarting db1|ok why not|on it boss|on it mate|I've got this one|got it, looking now
got it looking|sure on it|sure will look|yup on it|yep, logging in now|ok will do|copy that, en route|en route
heading there now|heading over|ok logging on now|ok, vpn'ing in|I'm up and on it|up and looking|awake and on it
hello, i'm on it|hey on it|Hi. Ok.|thx, on it|ta on it|ty on it|👍 thanks|👍👍👍|👌👌|✅✅|🙏 ok|ok 🙏|ok 😅
ok 👨‍💻|ok😊|Ok...|ok -|ok/|ok\\|"Ok"|acking|ill get on it|I'll get it|i'll get this|I'll jump on it|jumping on
jumping on it|jumping on now|I'll look at it|I'll look into it|I'll have a look|will have a look
I'll investigate|looking, 5 mins|on it in 5|on my way in|on my way to site|ok leaving home now
ok just finished dinner, will look|ok, in the car, 15 min|okay then|ok then|okay cool|ok great|ok fine|ok sure
yes sure|yes ok|yes of course|of course|yes will do|yessir|yes sir|aye aye|roger wilco|wilco|affirm|im taking it
I am taking this|I am looking
fine, on it|am on it|am looking|lookin|lookin into it|onto it|on it - Anna|ok Anna|it's me, ok
mine thanks|mine!|have it|I got it thanks|k on it|k will look|kk on it|ok ok ok|ok yes|yes yes|ok ill look
ok i look|checking it now|will check it|will check in a min|will fix|ill fix it|I'll fix it|fixing|fixing it now
restarting it now|rebooting now|ok tell ops I have it|ok I'll ring Ben if I get stuck
ok, will call if I need help|ok will tell you if it's the disk|ok can do|can do|no prob, on it|np, on it
np on it|ok, I'm on it now, thanks|Hi team, taking this one|yes I've got it|ok im up|I'm awake and looking
OK OK IM UP
just logging on|driving there now|no bother, on it|no probs ok|I'm on the case|oops on it
phone was on silent, on it|one sec, on it|ok, not asleep anyway""",
        "take 10": """ok 10|OK10|ok, 10|10 ok|ok#10|ok №10|ok№10|ok n°10|nº 10 ok|ok nr 10|nr. 10 ok
number 10 ok|ok number 10|ok code 10|ok for 10|ok on 10|yes to 10|ok with 10|ok the 10|okk 10|okok 10|k 10|kk10
10 👍|👍10|✅ 10|10 ✅|👌🏼 10|🫡10|yup 10|sure 10|copy 10|roger 10|aye 10|received 10|10 received|copied 10
acked 10|ack'd 10|10 ackd|noted 10|I'll take 10|Ill take 10|i take 10|i will take 10|taking 10|Taking number 10
I've got 10|ive got 10|i got 10|got 10|I have 10|I'm on 10|im on 10 now|on it, 10|10 on it|10 - on it now
10 is mine|10 mine|mine: 10|10 omw|omw 10|on my way to 10|looking at 10|checking 10 now|checking 10
will look at 10|will check 10|working on 10|I'm working on 10|handling 10|dealing with 10|I'll handle 10
I'll do 10|i'll look at 10 now|10 - looking|10: looking into it|10 got it|got it 10|ok on it 10|10 got this
ok looking 10|copy 10 on it|Hi, ok 10|hello 10 ok|good evening, 10 ok|morning. 10 on it|acking 10
I'll look into 10|having a look at 10|taking a look at 10|confirm 10|confirmed 10|accept 10|acknowledging 10
10 acknowledged|10: ack|10 - ok|10=ok|I'm taking 10|I am looking at 10|looking @ 10|mine, 10|I've taken 10
I have 10 thanks|have 10|got 10 thanks|checking... 10|ok rebooting 10|ok 10 restarting db|ok 10 thx ben
ok 10, thanks Ben|Okay 10, driving in|ok I've got 10|on it!!! 10|10 ✔️
I accept 10""",
        "take 10 12": """ok 10 12|I'll take 10 and 12|taking 10, 12|I've got 10 + 12|10 and 12 are mine
ok both 10 and 12|ok 10 then 12|ok 10 also 12|ok 10 n 12|checking 10 and 12 now|10,12 on my way|👍 10 👍 12
OK 10 & 12|ok 10/12|10, ok, 12 too|ok for 10 and 12|both 10 and 12 are mine|10 ok 12 ok|10 ok, 12 too thanks""",
        "take all": """ok all|ok both|both ok|both mine|all mine|ok, all of them|ok to all|ok for all|ok the lot
all of them mine|I'll take both|I'll take all of them|taking both|I've got both|got them both|got them all
yes both|ack both|ack all|ok to both|yes to all|yes to both""",
        "refuse": """no|No.|nope|Nah|busy|I'm busy|I am not on call|pass|no sorry|Sorry, no|no thanks|no mate|👎
no no no""",
        "refuse 10": "no 10|10 no|No, 10|busy 10|pass 10|👎10|nope 10 sorry",
        "close": """done|Done.|fixed|all done|done thanks|fixed, thanks!|ok done|👍 done|done 👍|resolved|closed
it's done""",
        "close 10": """done 10|10 done|10 is done|10 is fixed|10 fixed|10 is resolved|10 all done|ok 10 done
10 fixed 👍|fixed 10 thanks|10 is closed|number 10 done""",
        "ask": """ol 10|pk|oj|ik 10|onit|omq|ok!!1|ok 4|10|10?|hm|hmm|?!|seen|seen 10|read 10|received?|fine
cool|great|nice|all ok|all good|take 10|someone take 10|coming|maybe|not sure|ok maybe|ok if nobody else
yes if Ben can't|I'll take 10 if nobody does|ok if needed|ok unless Ben is up|will do if you want
I could take 10|can I take 10|should I take 10?|shall I take 10|do you want me to take 10|I'd take 10 but
I'll take 10 tomorrow|I'll take 10 later|I'll take 10 off|I've got 10 guys here|I've got 10 things to do
I'm on 10 other things|I'm on 10 min break|I'll take 10 minutes|taking 10 mins|i got 10 calls|I won't take 10
I'm not on 10|I can't take 10|not taking 10|never got 10|is 10 mine|is 10 mine?|10 is mine?|10 isn't mine
10 is not mine|10 is Ben's|Ben is on 10|Ben's on it|Ben has 10|Ben will take 10|Ben is taking 10|Ben, take 10
you take 10|he's on it|she is on it|they are looking|is Ben on it|who's on it|are you on it|anyone on it?
somebody on it?|who has 10|who took 10|ok Ben's turn|ok ben's got it|let Ben take 10|give 10 to Ben|10 for Ben
ok 10 for Ben please|ok call Ben|ok somebody take 10|can someone take 10|looking good|looks good now
looking for my laptop, can't take it|checking in|ok false alarm|ok whatever|ok what|ok what is it|ok why me
ok who are you|ok when|ok i quit|ok shut up|ok fuck off|ok google|ok Monday|ok next week|ok after lunch|ok later
ok mute 10|ok I'm on a plane|ok on a flight until 9|ok I was already told|ok wrong number|ok good night|hi|hello
good morning|I'm up|I'm awake|sorry|thanks|sorry for the delay|right|what is this|in 10|10 min|10 minutes
in 10 min|at 10|back in 10|ok?|ok 10?|on it?|got it?|is it ok|10 is ok|it is ok now|not ok|ok not me|ok but busy
no problem|no worries|no way|no idea|not now|not me|can't|cant take 10|I'm out|I'm out tonight
I quit|I give up|give me 10|need 10|sure?|you sure|not sure about 10|copy?|copy of what|done?|fixed?|10 done?
is 10 done|almost done|nearly fixed|not fixed|done soon|done in 10|done in 10 min|10 is not fixed|10 is done?
10 is nearly done|10 will be done|10 is done by Ben?|done for tonight|closed for the day|I'm done|no 10 yes 12
yes 10 no 12|ok 10 but not 12|ok all but 12|no I am at the cinema|busy until 5|pass it to Ben|off to bed
on the train|on 10|off 10|stop calling|why|why me|was that 10|ok was 10 mine|I thought Ben had 10
if I take 10, who takes 12|I'd rather not|I am ill, Ben?|sick|ok sick|I'll take it if I must|tell Ben to take 10
ask Ben|ok if it's still down in an hour|sure if you pay me|yes if it is critical|only if Ben is out
I'll do it if he asks|happy to take 10 if needed|might take 10|may take 10|thinking of taking 10
was going to take 10|I would take 10|I wish I had 10|did you get 10|did Ben take 10|has anyone taken 10
is anybody looking at 10|are we taking 10|who is looking at 10|Ben said he'll take 10|Ben says ok|Ben: ok 10
Ben ok 10|Ben yes|tell Ben ok|my wife says ok|the router is ok|server ok|network ok now|everything ok
it's all ok|looks ok|seems ok|probably ok|nearly ok|ok now|was it ok|are you ok|hope you're ok|you ok
all is well|all good here|everything is fine|all quiet|10 ok now|10 seems ok|10 looks fixed|10 might be fixed
10 should be done|10 not yet|10 done yet|when is 10 done|can we close 10|close 10 please?
please close 10 when done|close 10 if ok|done if you agree|10 will be fixed tomorrow|fixed by Ben?|not fixed yet
half fixed|fixed it I think|I think it's fixed|hopefully fixed|fixed maybe|done I guess|done I think
done, I hope|done already?|done?? no|undone|done nothing|done my best|done in the morning|noone is on it
nobody is on it|nobody's looking|not looking|not on it|never on it|cant look|wont look|will not take it
not taking it|don't got it|not got it|didn't get it|haven't got 10|I have not got 10|I no longer have 10
I had 10|I've given 10 to Ben|I gave 10 to Ben|I passed 10 to Ben|passing 10 to Ben|I'm passing|sure not
of course not|copy but can't|roger but no|noted but I'm off|understood but not mine|received but can't
got it but I'm away|sure thing, not|yup not me|ok (not me)|ok. Not me though|OK but who|ok... no|ok ok no|yes no
yes and no|y/n|yes/no|yes or no|ok or not|k?|kk?|noted?|understood?|received 10?|taking 10?|I'll take 10?
10 mine?|are 10 and 12 mine|both?|all?|both ok?|ok no laptop|ok I have no vpn|ok it's not my week
ok I swapped with Ben|ok Ben is on call|ok Ben's on call|ok ask the network team|ok wake Ben|ok get someone else
ok escalate|escalate|escalate 10|next please|ok next|skip|skip 10|I've got 10 kids|I've got 10 percent battery
got 10% battery|I'm on 10% battery|I'm on 10 hours now|I've got 10 more to go|I'm on 10 beers|I took 10
taking 10 days off|taking 10 off|I'll take 10 days|give me 10 mins|need 10 min|gimme 10
10 minutes away from home|10 missed calls|10 alerts?|10 texts tonight!|10 times already|ten|10 out of 10|10/10
24/7|10 4|10-4|10:47|10.47|1047?|0 10|+10|-10|10%|£10|v10|10.0.0.10|db10 ok?|Netflix: your code is 4711
Your OTP is 10. Do not share|Reply YES to confirm|YES to confirm reply Y|Reply 10 to opt in
Tesco: your order 10 is ready|DHL: parcel 10 ok to deliver|Your taxi is on its way|Your driver is on his way
Amazon: on its way|Thanks! We got it and are looking into it.|Hi, thanks for your text. We're looking into it
Ok, thanks for your order 10|Got your message, will reply soon|OK Computer Services: your invoice 10
Sure Insurance: renew now|Copy shop open till 10|Right Move: 10 new homes|Cool offers 10 today
Hello Fresh: 10 meals|Hey! You up?|hey u up|hi is this Anna|hi mum ok?|Morning! Coffee at 10?|good morning ok?
hi, 10|hello 10?|sorry, 10?|right 10|cool 10|great 10|I'm up 10|Happy birthday|thanks for 10|he will look
will he look|will you look|will anyone look|will ben check|are you looking|am I looking|am i on it|will i look
now what|already done|already done by Ben|taken by Ben|10 taken|10 taken by Ben|already taken
confirm your appointment|confirmed: your booking|have a nice day|have fun|have 10 left|have you got 10
of course Ben will|check with Ben|log in is broken|im ill|I'm ok|I am fine|I'm sure Ben has it|I'm yes|will pass
will be off|I will be late, ask Ben|now yes|now ok|now all ok|already ok|look at the time|look who's calling
check your spam|take it easy|take it up with Ben|get it?|get this|do it|do it yourself|handle it|fix it|fix 10
check 10|look at 10|investigate|I am away|I will look tomorrow|I will look if I can
ill look when I'm home from the pub?|I will check with Ben|I'm checking out|I'm looking forward to it
I'm fixing dinner?|seen it|saw it|seen by Ben|seen?|up and about|up and running|up and running again|its me
its me Ben|just woke up|good evening|no bother|10 accepted by Ben|accepted by Ben|confirmed by Ben?
confirmed down|accept my apologies|present|en route home|en route to bed|driving in the morning|can do tomorrow
can do later|can do without this|have it your way|have it back|restarting tomorrow|I take it you're on it
I take it Ben has 10|i take it back|affirm?|10 confirm?|heading over to Ben's|got 10?|have 10?|is it confirmed
not confirmed|can't confirm|I can't accept|accept|accepted|confirmed|Restarting? Call me|10 mine 12 Ben
I'll take 10, Ben takes 12|10 ok 12 for Ben|👀|+1|1 10
ok I had a few beers|ok I've been drinking|ok I'm at a wedding|ok I'm at a funeral
ok it's Ben's week|just logging in to say no|just logging on to ask who has it|ok no need to wake me
no probs Ben has it|ok Ben's shift|ok its Ben's weekend|ok not asleep but drunk|oops, not mine
I accept 10 is broken|ok I'm in the pub|ok my laptop is dead""",
        "machine": """Got it, thanks! - Support|Yes the delivery is at 10|On the way: parcel 10
I'm driving right now. I'll reply later. (Auto-reply)|Sorry, I can't talk right now.
Can I call you later?|I'm in a meeting.|I'm on my way, will call you later. Sent by Auto-Responder
Got it! We'll be in touch|Yes, we have received your request|Hi, got it! Your request has been received
Hi! On my way! Your Uber arrives in 10|On my way! Your driver is 10 min away|OK, you are now opted in.
OK. You have been subscribed. Reply STOP to end|Yes! You have won|YES you qualify for a loan
Sure! Your appointment is confirmed for 10 Dec|Ok! Your appointment is confirmed 10 Dec|Your code is 10
Your verification code is 1012. Ok|10 is your verification code|Use 10 as your login code|G-10 is your code
Parcel 10 on its way with DPD|Your parcel 10 is on its way|Checking your balance? Text BAL
Taking 10% off this weekend!|Take 10% off with code OK10. Reply STOP to end|Message received|Message delivered
Received: your message|Delivered|Voicemail: you have 1 new message. Call 121.
You have 2 missed calls from +447700900111|The person you are texting is not available
Thanks for your message, looking into it, we will get back to you
Hello, thanks for contacting us. We are looking into it.
Thank you for your message. We've got it and will reply.|Your mailbox is full|Free Msg: Unable to send message
Noted. Our team will contact you|Understood! You will no longer receive messages
Your ticket has been received 10|We have received 10 messages|I am out of office until 10
On holiday until the 10th, back then|We're on it! Thanks for contacting support|Roger's Plumbing: we are closed
I am on holiday|Accepted: Stand-up at 10|Confirmed: table for 10|Confirmed 10 Dec|Noted: 10 new messages
Sure: 10% off|Looking to save 10%?|Checking account alert 10""",
    },
    "de": {
        "take": """ja|Ja!|jo|jep|jawohl|Jawoll|ok|ok danke|okay|alles klar|klar|geht klar|passt|mach ich
mache ich|ok mach ich|bin dran|Bin schon dran|ich bin dran|bin drauf|schaue|Schau ich mir an|schaue nach
ich schaue|ich schau mal|schaue rein|ich schaue nach|ich schaue es mir an|gucke|seh nach|sehe nach|prüfe
ich prüfe es|kümmere mich|ich kümmere mich|kümmere mich drum|ran an den Speck
Ich kümmere mich darum|ich kuemmere mich drum
bin unterwegs|auf dem Weg|bin auf dem weg|ich komme|komme|ok, komme|fahre los|ich fahre los|wird gemacht
übernehme|ich übernehme|ich übernehme das|uebernommen|ich nehme es|nehm ich|ich hab's|habs|hab ich|in Arbeit
verstanden|Roger|bin wach, schaue|Moin, ok|moin bin dran|Hallo, ich kümmere mich|Guten Morgen, bin dran
ich bin wach, bin dran|kein Problem, mache ich|ok 10 min|ok in 10|ok in 10 Minuten|ja gib mir 10|ok 10-15 Min
ja, bis 10|ja bitte|ja ja, bin dran|ok bin gleich am rechner|👍 schaue|ok schau ich mir an|ok ich schau
ja schau gleich|bin gleich dran|ich bin gleich da|ja mach ich|ja, mache ich|ok mach|ich kümmer mich|kümmer mich
kümmere mich sofort|ok übernehme|übernehme ich|ich geh ran|geh ran|bin online|ja bin online, schaue
logge mich ein|ok logge mich ein|ich fahre hin|ich fahr los|sitze dran|alles klar, schaue|jo mach ich|jup|yo|jau
passt, schaue|geht klar, bin dran|ok danke, bin dran|danke, schaue|Moin! Bin dran.|wird erledigt|ok wird gemacht
gesehen, bin dran|gesehen, schaue|ja, ich nehme es|ich bin wach und schaue|sorry, schaue jetzt
ok, ich fahre hin, 30 min
bin gleich am Rechner|bin schon am Schauen|bin am Laptop""",
        "take 10": """ok 10|ja 10|10 ja|Nr. 10 ok|ok Nr. 10|Nummer 10 ja|ich nehme 10|nehme 10|10 nehme ich
ich übernehme 10|übernehme 10|10 übernehme ich|ich hab 10|hab 10|ich habe die 10|10 ist meins|10 ist meiner
10 in Arbeit|10 bin dran|bin an 10 dran|ich bin an 10|schaue 10 an|schaue nach 10|kümmere mich um 10
ich kümmere mich um 10|prüfe 10|10 mach ich|ich mach 10|ich mache 10|10 für mich|die 10 übernehme ich
quittiert 10|ja ich kümmere mich um 10|ok 10 übernehme ich|10 nehm ich|nehm 10|die 10 nehm ich|habe 10
hab die 10|guten abend, ok 10|bestätige 10|bestätigt, 10|10 ist in Arbeit|ja bin dran 10
10 kümmere ich mich""",
        "take 10 12": "ich nehme 10 und 12|ja 10 und 12|10 und 12 übernehme ich|ok 10, 12|10 und 12 nehm ich",
        "take all": """ok alle|ja beide|beide ok|ich nehme beide|ich übernehme alle|ok alles|ok beide
beide übernehme ich|ich mach beide""",
        "refuse": "nein|Nö|nee|beschäftigt|nein danke|nein sorry",
        "close": "erledigt|fertig|behoben|läuft wieder|ok erledigt|erledigt, danke|erledigt 👍",
        "close 10": "10 erledigt|erledigt 10|10 ist erledigt|10 ist behoben|10 läuft wieder|10 fertig",
        "ask": """gesehen|gelesen|10 gesehen|nehme ich 10?|soll ich 10 nehmen|soll ich 10 übernehmen?
ich nehme 10 wenn keiner kann|ja wenn es sein muss|ok falls nötig|ok wenn Ben nicht kann|ich nehme 10 nicht
10 ist nicht meins|10 ist Bens|10 hat Ben|Ben nimmt 10|Ben ist dran|Ben kümmert sich|nimm du 10|wer nimmt 10
wer ist dran|bist du dran|bin nicht dran|bin ich dran|bin ich dran?|ich nehme 10 Minuten Pause
ich habe 10 Leute hier|ich nehme 10 morgen|ja morgen|ok falsche Nummer|ja was denn|ok was ist los|ok Ben soll
gut gemacht Ben|ja gut aber|ich mach Schluss|ich mach Feierabend|ok wer ist da|gute Nacht|ok Montag
ok nächste Woche|später|gleich vielleicht|vielleicht|ok vielleicht|keine Zeit|ich kann nicht|nicht ok|erledigt?
fast fertig|noch nicht erledigt|10 ist noch nicht fertig|ist 10 fertig|10 ist ok|bin wach|Moin|hallo|um 10|in 10
10 Minuten|10 Uhr|wird morgen gemacht|wird erledigt?|kein Problem|in Arbeit?|ja falls Ben schläft
ja sofern nötig|vielleicht nehme ich 10|würde 10 nehmen|ich könnte 10 nehmen|nimmt jemand 10|hat jemand 10
wer schaut|schaut Ben|Ben schaut|Ben macht|Ben ist unterwegs|ist Ben dran|bist du unterwegs|bin nicht unterwegs
ich schaue nicht|ich nehme 10 nur wenn|hab 10 nicht|hab kein Laptop|hab ich 10?|hab ich nicht|alles ok|alles gut
server ok|10 ist wieder ok|10 wird gerade gemacht von Ben|10 geht wieder?|10 fertig?|fertig mit den Nerven
fertig mit der Welt|bin fertig|noch nicht|nehme 10 Tabletten|nehme ich an|nehme an ja|schau mal auf die Uhr
schau du|schau bitte du|kümmere dich|komme nicht|komme später|komme morgen|komme nicht weiter
komme gleich nach Hause|habs nicht|habs vergessen|ich habs satt|hab 10 Prozent|in Arbeit bei Ben
auf dem Weg ins Bett|auf dem Weg nach Hause|bin auf dem Weg in den Urlaub|hallo?|hallo wer ist da|moin?|gut?
na gut|klar doch nicht|ja nein|jein|Ihre Bestellung 10 ist unterwegs|DHL: Paket 10 kommt|bin in Arbeit
ich bin in der Arbeit|bin auf Arbeit|jetzt ok|jetzt alles klar|jetzt geht|jetzt passt es|jetzt in Ordnung
schon gut|schon klar|ist schon ok|ich werde nicht|ich werde krank|ich bin gleich weg|bin weg|bin gleich weg
bin raus|bin da weg|bin bald im Bett|du bist dran|dran denken|schon gesehen|ich geh|ich geh schlafen
geh schlafen|geh ran!?|geh du ran|logge mich aus|komme nicht ran|komme schon noch|wird schon
wird erledigt von Ben|fahr du hin|fahr du|10 bei mir?|10 ja 12 Ben
ich schaue fern|10 bei mir nicht|10 kümmere ich mich morgen|bin nicht am Laptop|bei mir alles ok
10 kümmere ich mich später|ja klar, um 3 Uhr nachts...""",
        "machine": """Ich fahre gerade Auto und melde mich später.|Ihre Mailbox: 1 neue Nachricht
Der Teilnehmer ist wieder erreichbar|Ich bin im Urlaub bis 10. Dezember
Vielen Dank für Ihre Nachricht. Wir kümmern uns darum.|Ihr Code lautet 10|Ihr Paket 10 ist unterwegs
Ja, Sie haben gewonnen!|Ihre Anfrage ist in Bearbeitung|Sie haben einen Anruf in Abwesenheit
Alles klar! Ihre Anfrage ist eingegangen""",
    },
    "fr": {
        "take": """oui|Oui.|ouais|ok|oki|ok merci|d'accord|d'acc|dac|ça marche|ça roule|j'y vais|J’y vais
jy vais|j y vais|j'arrive|j arrive|je m'en occupe|je men occupe|je m'en charge|je gère|je prends|je le prends
je regarde|Je regarde ça|je vais voir|je vais regarder|je vérifie|je suis dessus|sur le coup|je suis sur le coup
en route|je suis en route|je me connecte|compris|bien compris|noté|c'est noté|bien reçu|reçu|vu|vu, j'y vais
entendu|c'est parti|bonjour, j'y vais|salut, ok|Bonsoir, je m'en occupe|je suis réveillé, je regarde
pas de souci, je regarde|ok j'y vais|ok je me connecte|oui merci|ok 10 min|ok dans 10|ok dans 10 minutes
oui, donne-moi 10|ok 10 à 15 min|ok vers 10|👍 j'y vais|ok je m'en occupe|ok je regarde|je m'y colle|je m y mets
jm'en occupe|j'm'en occupe|je suis dispo, je regarde|oui j'y vais|oui je prends|c'est bon je prends
c'est bon j'y vais|je vais m'en occuper|vu je regarde|vu, je prends|bien vu, je regarde|je suis debout, j'y vais
oui merci, je regarde|merci j'y vais|ok ça marche|okay je gère|je gère ça|je suis déjà dessus|déjà dessus
en cours|ok en cours|je pars|c noté|présent|yes j'y vais|ouep|yep|oui chef|ok chef
je suis réveillé et je regarde|désolé, je regarde""",
        "take 10": """ok 10|oui 10|10 oui|n°10 ok|ok n°10|nº10 ok|numéro 10 ok|ok le 10|oui la 10|je prends 10
je prends la 10|10 pour moi|10 c'est pour moi|le 10 est pour moi|10 est à moi|je m'occupe de 10
je m'occupe du 10|je suis sur 10|je suis sur le 10|je regarde 10|je regarde la 10|je gère 10|10 je m'en occupe
10 j'y vais|reçu 10|vu 10|je vérifie 10|oui je prends 10|ok je prends 10|je prends en charge 10
prise en charge 10|pris 10|10 pris|10 je prends|10 j'arrive|je vais regarder 10|10 en cours|d'accord 10
entendu, 10|je confirme 10|bien reçu 10, j'y vais|10 pris en charge""",
        "take 10 12": "je prends 10 et 12|ok 10 et 12|10 et 12 pour moi",
        "take all": """ok tout|les deux ok|je prends les deux|oui tous|je prends tout|les deux pour moi
je prends les 2""",
        "refuse": "non|Non merci|occupé|non désolé",
        "close": "c'est réglé|fini|terminé|résolu|ok réglé|c'est fait|réglé merci",
        "close 10": "10 réglé|réglé 10|10 est réglé|10 résolu|10 est résolu|10 c'est réglé",
        "ask": """lu|10 lu|je prends 10?|je prends 10 ?|dois-je prendre 10|je prends 10 si personne
oui si besoin|ok si Ben ne peut pas|je ne prends pas 10|10 pas pour moi|10 n'est pas pour moi|10 est pour Ben
10 pour Ben|Ben prend 10|Ben s'en occupe|qui prend 10|prends 10|tu prends 10|je prends 10 minutes
je prends 10 demain|je prends des vacances|je regarde la télé|ok mais demain|ok lundi|ok plus tard
ok vois avec Ben|ok quoi|ok pourquoi moi|oui allô?|ok qui est-ce|bonne nuit|ok faux numéro|peut-être
ok peut-être|pas ok|pas moi|je peux pas|réglé ?|presque fini|pas encore réglé|10 n'est pas réglé|10 est ok
bonjour|salut|merci|dans 10|10 minutes|à 10h|c'est bon|tout va bien|je suis réveillé|vu ?|pas vu|qui est dessus
tu es dessus|il est dessus|pas de problème|oui s'il le faut|peut-être que je prends 10|je prendrais 10 si
tu regardes|Ben regarde|Ben arrive|Ben y va|qui regarde|quelqu'un regarde 10 ?|je regarde pas|je regarde demain
je prends pas|je prends un verre|je prends le relais demain|je ne regarde pas|j'y vais pas|j'y vais demain
je gère pas|je gère rien|tout est ok|serveur ok|ok pour demain|oui mais bon|oui et non|oui ou non
c'est pour moi ?|10 à moi ?|10 à Ben|10 est à Ben|pour moi non|à 10|vers 10|dans 10 min|fini ?|presque réglé
c'est réglé ?|réglé par Ben ?|vous y allez|je suis sur la route|je suis sur 10 trucs|je suis sur répondeur
bien reçu votre demande|Bonjour, bien reçu. Nous revenons vers vous|je m'occupe des enfants
je m'occupe pas de 10|on s'en occupe ?|il s'en occupe|parfait ?|bonjour ?|je vérifie demain
Votre commande 10 est en route|je suis prise ailleurs|déjà pris|déjà vu|déjà reçu|déjà fait ?
maintenant ça marche|maintenant oui|maintenant ok|je suis ok|je vais dormir|je vais au lit|je vais pas
je vais voir Ben|je vais voir demain|je suis malade|je suis chez ma mère|je suis en réunion|je pars en vacances
je pars demain|en cours ?|en cours de français|dessus ?|présent ?|c'est bon maintenant|bien vu|bien vu Ben
je suis dispo demain|tu peux regarder|vous pouvez voir
je gère mal|je prends les 2 semaines|je prends les 2 gamins|j'ai bu, ok""",
        "machine": """Je conduis actuellement. Je vous répondrai plus tard.|Vous avez 1 nouveau message vocal
Votre code est 10|Oui, votre demande a bien été reçue|Bien reçu ! Votre demande est en cours
Votre colis 10 est en route|Merci pour votre message, je regarde dès mon retour
Votre correspondant est de nouveau joignable|Message reçu|D'accord ! Vous êtes maintenant abonné
Oui ! Vous avez gagné|je suis absent""",
    },
    "es": {
        "take": """sí|Si|si!|vale|Vale.|ok|okey|dale|ok gracias|voy|ya voy|Ya voy!|allá voy|ahí voy
voy para allá|me ocupo|yo me ocupo|me encargo|yo me encargo|lo miro|ahora lo miro|ya lo miro|vale, lo miro ahora
lo reviso|reviso|revisando|mirando|lo estoy mirando|estoy en ello|en ello|estoy en eso|me pongo
me pongo con ello|lo cojo|yo lo cojo|lo tomo|yo lo tomo|lo tengo|recibido|entendido|enterado|de acuerdo|claro
listo, voy|listo voy|perfecto, voy|hola, voy|buenas, lo miro|buenos días, voy|ya estoy despierto, voy
sin problema, voy|en camino|me conecto|ok me conecto|ok voy|si, voy|si voy|sí por favor|ok 10 min|ok en 10
vale en 10 minutos|vale, dame 10|ok 10-15 min|ok, sobre las 10|👍 voy|ok lo miro|ok, me pongo|ya me pongo
me pongo ya|ahora mismo lo miro|ahora voy|voy ahora|voy ya|voy para alla|ok ya voy|lo cojo yo|yo la cojo|la cojo
la cojo yo|me lo quedo|vale la cojo|vale me encargo|vale voy|vale, vale|sí, voy|sí me encargo|si me encargo
sí claro|claro que sí|por supuesto|desde luego|de acuerdo, voy|ok jefe|okey voy|oki|okis|va, lo miro|venga, voy
hola, lo miro|estoy mirándolo|mirándolo|estoy revisando|conectándome|me conecto ya|en camino, 20 min
recibido, voy|enterado, voy|acepto|me encargo yo|perdón, lo miro
llego en 20|lo llevo yo""",
        "take 10": """ok 10|sí 10|si 10|10 sí|vale 10|ok la 10|el 10 ok|nº 10 ok|ok nº10|número 10 ok|cojo 10
cojo la 10|lo cojo 10|el 10 lo cojo yo|tomo 10|yo tomo 10|me quedo con 10|10 es mía|10 es mío|la 10 es mía
10 para mí|la 10 para mí|10 mía|me ocupo de 10|me encargo de 10|estoy con 10|estoy con la 10|reviso 10|miro 10
10 voy|10 lo miro|recibido 10|yo me ocupo de 10|la 10 la cojo yo|10 la cojo|10 lo cojo|10 me encargo
me quedo la 10|yo cojo la 10|estoy mirando 10|revisando 10|confirmado 10|acepto 10|voy con 10
ya estoy con 10|voy a por 10""",
        "take 10 12": "cojo 10 y 12|ok 10 y 12|10 y 12 para mí",
        "take all": """vale todos|los dos ok|cojo las dos|ok ambos|sí, los dos|las dos para mí|cojo ambas
me encargo de las dos""",
        "refuse": "no|No.|ocupado|no gracias|no, lo siento",
        "close": "hecho|resuelto|arreglado|ok resuelto|hecho, gracias|solucionado",
        "close 10": """10 resuelto|resuelto 10|10 está resuelto|10 ya está resuelto|10 arreglado
la 10 está arreglada""",
        "ask": """visto|leído|10 visto|si quieres llamo a Ben|si hay algo llamame|si no puedes llama a Ben
si estoy enfermo|cojo 10?|¿cojo 10?|cojo 10 si nadie puede|sí si hace falta|vale si Ben no puede|no cojo 10
10 no es mía|10 es de Ben|10 para Ben|Ben coge 10|Ben se encarga|quién coge 10|coge 10|cojo 10 minutos
tengo 10 cosas|cojo 10 mañana|ok mañana|ok lunes|ok luego|ok qué|ok por qué yo|ok quién eres|vale buenas noches
ok número equivocado|ok sin cobertura|quizás|ok quizás|no ok|no puedo|¿hecho?|casi hecho|aún no resuelto
10 no está resuelto|hola|buenas|gracias|listo|perfecto|en 10|10 minutos|a las 10|estás en ello|está en ello Ben
quién va|voy mañana|no voy|¿voy?|10 está ok|si puedo|si me llaman|si no hay nadie más|si Ben no puede
si es urgente|si sigue caído|quizás cojo 10|cogería 10|Ben va|Ben lo mira|quién lo mira|lo miras tú|mira tú
míralo tú|no lo miro|lo miro mañana|lo miro luego|voy luego|voy al médico|voy a dormir|voy a la cama
voy de viaje|ya voy tarde|voy borracho|todo ok|todo bien|servidor ok|10 ok ya?|10 está bien|10 casi resuelto
resuelto por Ben?|para mí no|10 para mí?|tengo 10|tengo 10 minutos|tomo café|tomo 10 pastillas|estoy con gripe
estoy con los niños|estoy con Ben|me quedo en casa|me quedo dormido|dame un rato|hola?|buenas?|perfecto?|listo?
Su pedido 10 va en camino|y tú|ahora sí|ahora vale|ahora ok|ya vale|ya está|ya claro|ahora no|ahora todo bien
estoy mal|estoy malo|estoy fuera|estoy de viaje|voy a ver a Ben mañana|yo no|yo qué sé|yo creo que Ben
por supuesto que no|desde luego que no|claro que sí?|va bien|va mejor|va Ben|ya va|acepto el reto mañana
visto bueno de Ben?|la cojo mañana|la miro luego
a 10|y 10|llego tarde|llego mañana|voy a por 10 cervezas|lo llevo yo?|ya no estoy con 10|a 10 km""",
        "machine": """Estoy conduciendo. Te respondo luego.|Tienes 1 mensaje en tu buzón de voz|Tu código es 10
Recibido. Su consulta será atendida|Tu pedido 10 está en camino|Sí, hemos recibido su solicitud|¡Sí! Has ganado
Gracias por su mensaje. Lo revisamos y le responderemos""",
    },
    "pl": {
        "take": """tak|Tak!|ok|oki|okej|ok dzięki|dobra|dobrze|jasne|spoko|biorę|już biorę|ja biorę|biorę to
Biorę to.|patrzę|już patrzę|sprawdzam|już sprawdzam|zaraz sprawdzę|sprawdzę|ok zaraz sprawdzę|zerkam|lecę
już lecę|ogarniam|ogarnę|ogarnę to|już ogarniam|zajmę się|zajmę się tym|zajmuję się|zajmuję się tym|robię
już robię|działam|już działam|jadę|już jadę|w drodze|przyjąłem|przyjęłam|przyjęte|potwierdzam|zrozumiałem|mam to
robi się|się robi|pracuję nad tym|ok patrzę|cześć, biorę|hej, ok|dzień dobry, już patrzę|wstałem, biorę
nie ma sprawy, patrzę|tak, dzięki|ok 10 min|ok za 10|ok za 10 minut|tak, daj mi 10|ok 10-15 min|👍 patrzę
ok biorę to|biorę na siebie|ja wezmę|wezmę to|ok wezmę|już się biorę|już siadam|siadam do tego|już się loguję
loguję się|ok loguję się|patrzę już|patrzę teraz|już patrzę na to|ok już patrzę|zobaczę|zaraz zobaczę
zaraz patrzę|już idę do kompa|ok ok|dobra biorę|dobra, patrzę|okej, sprawdzam|spoko, biorę|tak jest|tak, biorę
tak, już|jasne, biorę|jasna sprawa|przyjąłem, działam|jadę na miejsce|jadę tam|jestem przy kompie, patrzę
dzięki, biorę|dobry wieczór, ok|👍 biorę|ok szefie|przepraszam, biorę|tak, ja biorę
ja to biorę|wchodzę na vpn|zaraz będę|już jestem przy kompie""",
        "take 10": """ok 10|tak 10|10 tak|ok nr 10|nr 10 ok|numer 10 ok|biorę 10|10 biorę|ja biorę 10|10 moje
10 jest moje|10 jest mój|10 dla mnie|mam 10|patrzę na 10|patrzę 10|sprawdzam 10|zajmę się 10|zajmuję się 10
robię 10|ogarniam 10|przyjąłem 10|10 przyjęte|10 już patrzę|wezmę 10|już biorę 10|już robię 10|tak biorę 10
potwierdzam 10|przyjęłam 10|mam 10, działam|10 ogarniam|10 sprawdzam|hej, biorę 10|10 już biorę""",
        "take 10 12": "biorę 10 i 12|ok 10 i 12|10 i 12 moje|10 i 12 biorę",
        "take all": "ok wszystkie|oba ok|biorę oba|biorę wszystkie|tak, oba|mam oba|oba biorę",
        "refuse": "nie|Nie.|zajęty|nie dzięki",
        "close": "gotowe|zrobione|naprawione|ok zrobione|naprawione, dzięki",
        "close 10": "10 zrobione|naprawione 10|10 jest naprawione|10 gotowe|10 już naprawione",
        "ask": """widzę|widziałem|przeczytane|biorę 10?|mam brać 10?|mam wziąć 10|biorę 10 jeśli nikt nie może
tak jeśli trzeba|ok jeśli Ben nie może|nie biorę 10|10 nie moje|10 nie jest moje|10 jest Bena|10 dla Bena
Ben bierze 10|Ben się zajmie|kto bierze 10|weź 10|mam 10 minut|mam 10 spraw|biorę 10 jutro|biorę urlop
biorę wolne|ok jutro|ok poniedziałek|ok później|ok co|ok dlaczego ja|ok kto to|dobranoc|ok dobranoc|ok zły numer
może|ok może|nie ok|nie mogę|gotowe?|prawie gotowe|jeszcze nie zrobione|10 nie jest gotowe|cześć|hej|dzięki
za 10|10 minut|o 10|kto jedzie|ty jedziesz|nie jadę|jadę jutro|10 jest ok|może wezmę 10|wziąłbym 10|Ben patrzy
Ben jedzie|kto patrzy|ty patrzysz|patrzysz na 10?|nie patrzę|patrzę jutro|sprawdzę jutro|sprawdzę rano
jadę do domu|jadę na urlop|idę spać|idę do łóżka|lecę na urlop|lecę spać|biorę prysznic|biorę leki|mam gorączkę
mam urlop|mam dość|mam pytanie|moje dzieci śpią|wszystko ok|serwer ok|już ok|prawie gotowe 10|czy gotowe
gotowe jutro|robię kolację|robię wolne|tak czy nie|tak i nie|jak trzeba to tak|dobra, śpię|cześć?|spoko?
Twoje zamówienie 10 w drodze|teraz tak|teraz ok|teraz działa|już dobrze|już działa|ja nie|ja pierdolę|ja śpię
ja mam wolne|będę jutro|będę rano|zobaczę jutro|zobaczę czy Ben może|widzę że działa|siadam do kolacji
lecę samolotem|idę do kina|idę do domu|idę na imprezę|robię obiad|tak jest?|już po wszystkim|już nie
zaraz wracam|zaraz nie
a 10|zaraz będę spał|ja to biorę jutro|a 10 i 11|ja tego nie biorę""",
        "machine": """Prowadzę samochód. Odpowiem później.|Masz 1 nową wiadomość głosową|Twój kod to 10
Przyjęte. Państwa zgłoszenie zostanie rozpatrzone|Twoja paczka 10 jest w drodze|Abonent jest już dostępny
Tak! Wygrałeś|Dziękujemy za wiadomość. Zajmiemy się tym.""",
    },
    "cy": {
        "take": """iawn|Iawn!|ocê|oce|ok|ie|ydw|iawn diolch|ar fy ffordd|ar y ffordd|ar fy ffordd nawr|dwi arno
dw i arno|dwi arni|edrych|yn edrych|dwi'n edrych|dw i'n edrych|edrych nawr|edrych rwan|mi edrycha i|wrthi
dwi wrthi|wrthi nawr|mi wna i|fe wna i|wna i|mi af i|af i|dwi'n dod|dw i'n dod|ar y ffordd nawr|deall
wedi derbyn|cydnabod|siŵr|wrth gwrs|bore da, iawn|helo, dwi arno|dwi wedi deffro, edrych nawr
dim problem, dwi arno|iawn, mi wna i|ok 10 munud|ok mewn 10|iawn, mewn 10 munud|👍 ar fy ffordd
iawn, edrych nawr|ok edrych|dwi'n edrych nawr|dwi'n edrych arno|edrych arno|mi edrycha i nawr|dwi arno nawr
dwi arno fo|iawn dwi arno|ie dwi arno|ie iawn|ydw, dwi arno|diolch, dwi arno|ar fy ffordd, 20 munud
dwi ar y ffordd|dwi ar fy ffordd|mynd nawr|wrthi'n edrych""",
        "take 10": """ok 10|iawn 10|10 iawn|rhif 10 iawn|iawn rhif 10|dwi'n cymryd 10|dw i'n cymryd 10|cymryd 10
mi gymera i 10|fi pia 10|10 i mi|dwi ar 10|edrych ar 10|dwi'n edrych ar 10|10 ar fy ffordd|derbyniwyd 10
mi wna i 10|wna i 10|10 wna i|iawn mi gymera i 10|10 dwi arno
dwi'n delio gyda 10""",
        "take 10 12": "dwi'n cymryd 10 a 12|iawn 10 ac 12|iawn 10 a 12|cymryd 10 a 12",
        "take all": "iawn popeth|iawn y ddau|cymryd y ddau",
        "refuse": "na|prysur|na diolch|na sori",
        "close": "wedi gorffen|wedi trwsio|datrys|iawn wedi trwsio",
        "close 10": "10 wedi trwsio|wedi gorffen 10|10 wedi'i drwsio",
        "ask": """wedi gweld|wedi darllen|cymryd 10?|dwi'n cymryd 10?|os oes rhaid, iawn|iawn os oes rhaid
iawn os na all Ben|dwi ddim yn cymryd 10|nid fi pia 10|Ben pia 10|Ben sy arno|10 i Ben|pwy sy arno|cymer di 10
iawn yfory|iawn dydd Llun|iawn wedyn|iawn pwy wyt ti|iawn beth|nos da|iawn nos da|efallai|ddim yn iawn
alla i ddim|wedi gorffen?|bron wedi gorffen|heb ei drwsio|helo|bore da|diolch|mewn 10|10 munud|dwi'n dod yfory
iawn os na|os oes rhaid|efallai cymera i 10|Ben yn edrych|pwy sy'n edrych|ti'n edrych|dwi ddim yn edrych
edrych yfory|dwi'n mynd i'r gwely|dwi'n dod adre|af i'r gwely|wna i ddim|af i ddim|popeth yn iawn|10 yn iawn
i mi?|dwi ar y bws|iawn?|wedi trwsio?|bron wedi trwsio|bore da?|dwi'n iawn|dwi iawn|nawr iawn|mae'n iawn nawr
dwi'n sâl|dwi ddim arno|dwi yn y gwely|mynd i'r gwely|mynd adre
y 10|a 10|dwi ddim yn delio gyda 10|dwi'n delio gyda 10 o bobl""",
        "machine": """Ateb awtomatig: dwi'n gyrru|Diolch am eich neges. Byddwn yn ymateb.|Eich cod yw 10
Iawn! Rydych wedi ennill|dwi ar wyliau""",
    },
    "zh": {
        "take": """好|好的|好嘞|好滴|OK|ok|收到|收到！|收到了|收到收到|嗯|嗯嗯|行|可以|明白|知道了|我来|我来吧
我来看|我看看|我看一下|看一下|马上看|我马上看|在看|在看了|正在看|我在看|处理中|在处理|我在处理|正在处理|我处理
马上处理|我马上处理|我马上到|马上到|马上去|我去|我这就去|这就去|这就来|我去看|在路上|交给我|包在我身上|我负责
接手|排查中|正在排查|在查|正在查|我查一下|早，收到|你好，我来|醒了，马上处理|我醒了，在看|好的谢谢|好的，马上
没问题，我来|👌|👍我来|收到，10分钟后到|好 10分钟|我來|處理中|正在處理|馬上到|好的我来处理|好我来|好的我马上看
好的马上处理|收到我来|收到马上看|收到，我看一下|收到，处理中|OK我来|ok我看看|我来搞|我来弄|我跟进|跟进中|在跟进
正在跟进|看着呢|在弄了|这就看|这就处理|我起来了，马上看|马上登录|登录看看|我上线看|上线处理|稍等，我看看
嗯，我来|对，我来|是我，我来|已经在看了|已在处理|已接手|接了|接单|我接单|行，我来|可以，我来|没事，我来|👌我看看
谢谢，我来|辛苦，我来|好的，路上|我来，10分钟到|抱歉，马上看
我搞定|我来负责|不好意思，我来""",
        "take 10": """ok 10|好的10|收到10|10收到|10号收到|10号我来|我来10|10我来|10我处理|处理10|我接10|10我接
10号我处理|10是我的|10我的|我在看10|在看10|10在看了|10处理中|10号好的|１０收到|我负责10|10我看|10我负责|10交给我
确认10|10确认|10已收到|好的 10|10接了|收到，10我来|我马上处理10""",
        "take 10 12": "收到10和12|我来10和12|10、12我处理|10和12我来",
        "take all": "收到全部|全部我来|两个都我来|全部接手|好的两个|都我来|都交给我",
        "refuse": "不行|没空|忙|在忙",
        "close": "搞定|搞定了|已解决|修好了|完成",
        "close 10": "10搞定了|已解决10|10已解决|10修好了",
        "ask": """我看行|看到了|已读|看见了|10看到了|我来吗|我来吗？|10我来？|我来10吗|要我来吗|是我来吗|谁来|谁处理10
你来10|Ben处理10|10归Ben|10是Ben的|10给Ben|如果没人我来|我来如果没人|不是我的|10不是我的|我不来|我不接10|没收到
收到但我不在|好的明天|我明天来|好的周一|稍后|可能吧|也许|好吗|好像不行|好的晚安|搞定了吗|搞定了？|还没搞定
快搞定了|快好了|10点|10分钟|10号|10号到|你好|早|谢谢|我醒了|打错了|好的为什么|好的什么事|如果需要我来
要是没人我就来|我可能来|让Ben看看|Ben在看|Ben在处理|谁在看|你在看吗|在看吗|我没在看|我不看|我在看电影|我在看病
马上睡|我去睡了|我去医院|我去不了|我来不及|我来晚了|处理不了|处理好了吗|好了吗|都好|都好了|一切正常|都收到了吗
10还没好|10正常了|我的天|我的手机没电了|我的错|收到请回复|收到请回1|回复收到|行吧再说|行不行|是不是我|对不对
嗯？|好？|好吧，真不想去|好吧，明天|您好，收到您的来信|你好？|早点睡|交给Ben|交给你|包给Ben|10号吗|10号值班|10个
号10|马上就好|我是|我好|我很好|我行吗|已看|已阅|看不懂|看病|看情况|看看吧再说|我看不行|我看算了|在家|在开会
我在开会|我在外面|我在|马上不行|我知道|现在好了|现在可以了|都看了|没看|看过了|看到|弄不了|搞不懂|上线不了
登录不了|是我吗|稍等|没事|没事了|辛苦|辛苦了|我起来了|接了电话|接不了|这就行了|我处理不了|10我来，12给Ben
我搞定不了|我来负责吗|好的，喝酒了""",
        "machine": """我正在开车，稍后回复|您有1条新的语音留言|您的验证码是10|验证码10，请勿泄露
您的快递10在路上|收到您的消息，我们会尽快处理|好的！您已成功订阅|您的请求已收到，处理中""",
    },
}

# What is still read otherwise than a dispatcher would, nearly all of it clear texts that are asked back. Whoever mends
# one moves it up.
NOT_YET: dict[str, dict[str, str]] = {
    "en": {
        "take": """Anna here, ok|Anna: on it|this is Anna, on it|gimme 5 mins, on it
sorry was in the shower, on it|On it. Can't get VPN yet but trying|ok let Ben sleep""",
        "take 10": "I'm ok with 10|Ill have 10|ok 10 no need to wake Ben",
        "close 10": "10 closed ok",
        "refuse": "nope, I swapped with carol",
    },
    "cy": {"take": "dwi wedi deffro, ar y peth nawr", "refuse": "na, dwi'n sâl"},
    "de": {
        "take": "ist in Arbeit",
        "take 10": "10 bei mir|ich kann 10 nehmen",
    },
    "fr": {
        "take all": "je m'occupe des deux",
        "refuse": "je suis pas d'astreinte cette semaine",
    },
    "es": {"take": "ok despierta y mirando"},
    "zh": {
        "take": "在处理了|我来，到机房再说具体情况",
        "take 10 12": "10和12都我来",
    },
}
