# A client by Net::SMPP: binds, asks whether the line lives, pages, hears what comes in, leaves.
# esme.pl PORT PASSWORD PAGER TEXT COUNT: ends after so many deliver_sm. Every line of output is JSON.
use strict;
use warnings;
use JSON::PP;
use Net::SMPP;

my ($port, $password, $pager, $text, $count) = @ARGV;
my $json = JSON::PP->new->canonical->ascii;
$| = 1;

sub say_it { print $json->encode({@_}), "\n" }

my ($line, $bound) = Net::SMPP->new_transceiver(
    '127.0.0.1', port => $port, system_id => 'gateway', password => $password, smpp_version => 0x34, async => 0);
die "no connection\n" unless $line;
say_it(command => 'bound', status => $bound->{status}, system_id => $bound->{system_id});
exit 1 if $bound->{status};

my $alive = $line->enquire_link();
say_it(command => 'alive', status => $alive->{status});

my $seq = $line->submit_sm(
    async => 1, source_addr_ton => 0, source_addr_npi => 1, source_addr => '60000',
    dest_addr_ton => 1, dest_addr_npi => 1, destination_addr => $pager,
    registered_delivery => 1, data_coding => 0, short_message => $text);
my $answered = 0;
while ($count > 0 || !$answered) {
    my $pdu = $line->read_pdu() or die "the line ended\n";
    if ($pdu->{cmd} == Net::SMPP::CMD_submit_sm_resp) {
        say_it(command => 'answered', status => $pdu->{status}, message_id => $pdu->{message_id},
            ours => $pdu->{seq} == $seq ? 1 : 0);
        $answered = 1;
    } elsif ($pdu->{cmd} == Net::SMPP::CMD_deliver_sm) {
        say_it(command => 'heard', text => $pdu->{short_message}, esm_class => $pdu->{esm_class},
            source => $pdu->{source_addr}, map { ($_ => $pdu->{$_}) } grep { /^(receipted_message_id|message_state)$/ } keys %$pdu);
        $line->deliver_sm_resp(seq => $pdu->{seq}, message_id => '', status => 0);
        $count -= 1;
    } elsif ($pdu->{cmd} == Net::SMPP::CMD_enquire_link) {
        $line->enquire_link_resp(seq => $pdu->{seq});
        say_it(command => 'asked');
    } else {
        say_it(command => 'strange', cmd => $pdu->{cmd});
    }
}
my $left = $line->unbind();
say_it(command => 'left', status => $left->{status});
