# Reads blocks of TAP 1.8 as a stranger to gatewayd: one in hex on each line of input, one JSON object on each of output.
# Its checksum is Perl's own: unpack's sum over octets, modulo 2 to the 12th.
use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->canonical->ascii;
my %ends = ("\x03" => 'ETX', "\x17" => 'ETB', "\x1f" => 'US');

while (my $line = <STDIN>) {
    chomp $line;
    my $block = pack 'H*', $line;
    my %told = (octets => length $block);
    if ($block =~ /\A(\x02([^\x02\x03\x17\x1f]*)([\x03\x17\x1f]))([0-?]{3})\r\z/s && $block !~ /[\x80-\xff]/) {
        my ($summed, $info, $end, $written) = ($1, $2, $3, $4);
        my $due = join '', map { chr(0x30 + hex $_) } split //, sprintf '%03x', unpack '%12C*', $summed;
        my @fields = split /\r/, $info, -1;
        my $open = pop @fields;    # behind the last CR: what goes on in the next block
        $told{end} = $ends{$end};
        $told{checksum} = $written;
        $told{right} = $due eq $written ? JSON::PP::true : JSON::PP::false;
        $told{fields} = [map { unescaped($_) } @fields];
        $told{open} = unescaped($open);
    }
    print $json->encode(\%told), "\n";
}

sub unescaped {
    my ($text) = @_;
    $text =~ s/\x1a(.)/chr((ord($1) - 0x40) & 0x7f)/gse;
    return $text;
}
