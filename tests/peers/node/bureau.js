// A bureau by node-smpp: one account, ids in hex, a receipt behind each answer.
// The one argument is JSON: {"throttled": how many submissions at first, "replies": fields of what each pager answers,
// "key" and "cert": paths, for TLS}. Every line of output is JSON: the address, then each request as node-smpp reads it.
'use strict';
const fs = require('fs');
const smpp = require('smpp');

const wanted = JSON.parse(process.argv[2]);
const tls = wanted.cert ? { key: fs.readFileSync(wanted.key), cert: fs.readFileSync(wanted.cert) } : {};
let throttled = wanted.throttled || 0;
let taken = 0;

function tell(what) {
  process.stdout.write(JSON.stringify(what) + '\n');
}

function read(pdu) {
  const told = { ...pdu };
  const content = pdu.short_message || {};
  told.text = content.message;
  told.udh = (content.udh || []).map((element) => (Buffer.isBuffer(element) ? element.toString('hex') : element));
  delete told.short_message;
  return told;
}

function receipt(session, asked, id) {
  const minute = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
  session.deliver_sm({
    esm_class: 0x04,
    source_addr_ton: asked.dest_addr_ton, source_addr_npi: asked.dest_addr_npi, source_addr: asked.destination_addr,
    dest_addr_ton: asked.source_addr_ton, dest_addr_npi: asked.source_addr_npi, destination_addr: asked.source_addr,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:${minute} done date:${minute} stat:DELIVRD err:000 text:`,
    receipted_message_id: id,
    message_state: smpp.MESSAGE_STATE.DELIVERED,
  }, (answer) => tell({ command: 'receipt answered', command_status: answer.command_status }));
}

function reply(session, asked, said) {
  session.deliver_sm({
    source_addr_ton: asked.dest_addr_ton, source_addr_npi: asked.dest_addr_npi, source_addr: asked.destination_addr,
    dest_addr_ton: asked.source_addr_ton, dest_addr_npi: asked.source_addr_npi, destination_addr: asked.source_addr,
    ...said,
  }, (answer) => tell({ command: 'reply answered', command_status: answer.command_status }));
}

const server = smpp.createServer(tls, (session) => {
  session.on('error', (error) => tell({ command: 'error', text: String(error) }));
  session.on('close', () => tell({ command: 'closed' }));
  session.on('pdu', (pdu) => pdu.isResponse() || tell(read(pdu)));
  session.on('bind_transceiver', (pdu) => {
    const known = pdu.system_id === 'gateway' && pdu.password === 's3cret!x';
    session.send(pdu.response({ command_status: known ? 0 : smpp.ESME_RINVPASWD, system_id: 'node-smpp' }));
  });
  session.on('submit_sm', (pdu) => {
    if (throttled > 0) {
      throttled -= 1;
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    taken += 1;
    const id = (0xA0B0 + taken).toString(16);
    session.send(pdu.response({ message_id: id }));
    if (pdu.registered_delivery & 3) receipt(session, pdu, id);
    for (const said of wanted.replies || []) reply(session, pdu, said);
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    session.send(pdu.response());
    session.close();
  });
});
server.listen(0, '127.0.0.1', () => tell({ port: server.address().port }));
